import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, moduleNames, readConfig } from "./config.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-config-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("nothing configured is everything embedded, on loopback", () => {
  expect(readConfig({})).toEqual({
    host: "127.0.0.1",
    port: 8080,
    publicUrl: "http://localhost:8080",
    dataDirectory: resolve(".flix"),
    databaseUrl: undefined,
    moduleDatabaseUrls: {},
    replicaUrl: undefined,
    moduleReplicaUrls: {},
    databasePoolSize: 10,
    databaseTimeouts: { statementMs: 10_000, lockMs: 5_000 },
    modules: [...moduleNames],
    leaveSeconds: 0,
    objects: { kind: "directory", directory: resolve(".flix/objects") },
    directUploads: true,
    kafka: undefined,
    redis: undefined,
    logLevel: "info",
    trustedProxies: [],
    corsOrigins: [],
    territoryHeader: undefined,
    signUp: "open",
    metricsToken: undefined,
    secret: undefined,
    previousSecret: undefined,
    licenseServers: {},
    fairPlayCertificateUrl: undefined,
    limits: { principalPerSecond: 200, anonymousPerSecond: 20 },
    playerDirectory: undefined,
  });
});

test("every variable is read", async () => {
  await writeFile(join(folder, "index.html"), "");
  const config = readConfig({
    FLIX_HOST: "0.0.0.0",
    FLIX_PORT: " 9000 ",
    FLIX_PUBLIC_URL: "https://api.example.com/vod/",
    FLIX_DATA: "/srv/flix",
    DATABASE_URL: "postgres://flix:secret@db/flix",
    FLIX_BILLING_DATABASE_URL: "postgresql://billing@db/billing",
    FLIX_REPLICA_DATABASE_URL: "postgres://flix:secret@replica/flix",
    FLIX_BILLING_REPLICA_DATABASE_URL: "postgres://billing@replica/billing",
    FLIX_DATABASE_POOL: "40",
    FLIX_DATABASE_STATEMENT_TIMEOUT_MS: "30000",
    FLIX_DATABASE_LOCK_TIMEOUT_MS: "0",
    FLIX_MODULES: "ops, catalog,",
    FLIX_OBJECTS: "/mnt/media",
    FLIX_DIRECT_UPLOADS: "off",
    REDIS_URL: "rediss://flix:pass@redis:6380/2",
    FLIX_REDIS_PREFIX: "vod:",
    KAFKA_BROKERS: "kafka-1:9092, 10.0.0.2:9093",
    FLIX_KAFKA_PREFIX: "vod.live",
    FLIX_KAFKA_TLS: "on",
    FLIX_KAFKA_SASL: "SCRAM-SHA-512:flix:pass:word",
    FLIX_KAFKA_PARTITIONS: "12",
    FLIX_KAFKA_REPLICATION: "3",
    FLIX_KAFKA_MIN_IN_SYNC: "2",
    FLIX_LOG_LEVEL: "warn",
    FLIX_TRUSTED_PROXIES: "10.0.0.0/8, ::1, loopback",
    FLIX_CORS_ORIGINS: "https://watch.example.com, http://localhost:5173/",
    FLIX_TERRITORY_HEADER: "CF-IPCountry",
    FLIX_SIGN_UP: "closed",
    FLIX_METRICS_TOKEN: "m3trics",
    FLIX_SECRET: "0f".repeat(32),
    FLIX_PREVIOUS_SECRET: "f0".repeat(32),
    FLIX_LICENSE_SERVERS:
      "com.widevine.alpha=https://drm.example.com/wv?a=1, com.apple.fps=https://drm.example.com/fps",
    FLIX_FAIRPLAY_CERTIFICATE: "https://drm.example.com/fps.cer",
    FLIX_LEAVE_SECONDS: "5",
    FLIX_RATE_LIMIT: "50",
    FLIX_ANONYMOUS_RATE_LIMIT: "5",
    FLIX_PLAYER: folder,
  });
  expect(config).toEqual({
    host: "0.0.0.0",
    port: 9000,
    publicUrl: "https://api.example.com/vod",
    dataDirectory: "/srv/flix",
    databaseUrl: "postgres://flix:secret@db/flix",
    moduleDatabaseUrls: { billing: "postgresql://billing@db/billing" },
    replicaUrl: "postgres://flix:secret@replica/flix",
    moduleReplicaUrls: { billing: "postgres://billing@replica/billing" },
    databasePoolSize: 40,
    databaseTimeouts: { statementMs: 30_000, lockMs: 0 },
    modules: ["ops", "catalog"],
    leaveSeconds: 5,
    objects: { kind: "directory", directory: "/mnt/media" },
    directUploads: false,
    redis: { url: "rediss://flix:pass@redis:6380/2", prefix: "vod:" },
    kafka: {
      brokers: ["kafka-1:9092", "10.0.0.2:9093"],
      prefix: "vod.live",
      tls: { ca: undefined },
      sasl: { mechanism: "scram-sha-512", username: "flix", password: "pass:word" },
      partitions: 12,
      replication: 3,
      minInSync: 2,
    },
    logLevel: "warn",
    trustedProxies: ["10.0.0.0/8", "::1", "loopback"],
    corsOrigins: ["https://watch.example.com", "http://localhost:5173"],
    territoryHeader: "cf-ipcountry",
    signUp: "closed",
    metricsToken: "m3trics",
    secret: "0f".repeat(32),
    previousSecret: "f0".repeat(32),
    licenseServers: {
      "com.widevine.alpha": "https://drm.example.com/wv?a=1",
      "com.apple.fps": "https://drm.example.com/fps",
    },
    fairPlayCertificateUrl: "https://drm.example.com/fps.cer",
    limits: { principalPerSecond: 50, anonymousPerSecond: 5 },
    playerDirectory: folder,
  });
});

test("the media live beside the other data unless told otherwise, and an empty variable is none", () => {
  const config = readConfig({ FLIX_DATA: "/srv/flix", FLIX_OBJECTS: "", FLIX_PORT: "", DATABASE_URL: " " });
  const objects = { kind: "directory", directory: "/srv/flix/objects" };
  expect(config).toMatchObject({ objects, port: 8080, databaseUrl: undefined });
});

const wrong: [string, string, RegExp][] = [
  ["FLIX_PORT", "65536", /whole number from 0 to 65535/],
  ["FLIX_PORT", "0x10", /whole number/],
  ["FLIX_PORT", "-1", /whole number/],
  ["FLIX_PORT", "80.5", /whole number/],
  ["FLIX_PUBLIC_URL", "example.com", /http or https URL/],
  ["FLIX_PUBLIC_URL", "ftp://example.com", /http or https URL/],
  ["FLIX_PUBLIC_URL", "https://example.com/?a=1", /http or https URL/],
  ["DATABASE_URL", "mysql://localhost/flix", /postgres:\/\//],
  ["FLIX_CATALOG_DATABASE_URL", "localhost:5432", /postgres:\/\//],
  ["FLIX_REPLICA_DATABASE_URL", "replica:5432", /postgres:\/\//],
  ["FLIX_USERS_REPLICA_DATABASE_URL", "replica:5432", /postgres:\/\//],
  ["FLIX_DATABASE_POOL", "3", /from 4 to 1000/],
  ["FLIX_DATABASE_LOCK_TIMEOUT_MS", "5s", /from 0 to 3600000/],
  ["DATABASE_URL", "postgres://db/flix?sslmode=prefer", /sslmode must be one of disable, require,/],
  ["DATABASE_URL", "postgres://db/flix?sslmode=verify-ca", /add sslrootcert=/],
  ["DATABASE_URL", "postgres://db/flix?sslrootcert=/etc/hosts", /add sslmode=verify-full/],
  [
    "DATABASE_URL",
    "postgres://db/flix?sslmode=require&sslrootcert=/nowhere/ca.pem",
    /sslrootcert=\/nowhere\/ca.pem cannot be read/,
  ],
  ["FLIX_MODULES", "ops,catlog", /catlog must be one of users, catalog,/],
  ["FLIX_MODULES", ",", /at least one of/],
  ["FLIX_OBJECTS", "gs://bucket", /must be a directory, or a URL such as s3:/],
  ["REDIS_URL", "localhost:6379", /such as redis:/],
  ["REDIS_URL", "http://localhost:6379", /such as redis:/],
  ["REDIS_URL", "redis://localhost/films", /such as redis:/],
  ["KAFKA_BROKERS", "kafka", /with ports: kafka-1:9092,/],
  ["KAFKA_BROKERS", "kafka:70000", /with ports/],
  ["KAFKA_BROKERS", "[::1]:9092", /IPv4 addresses with ports/],
  ["KAFKA_BROKERS", ",", /with ports/],
  ["FLIX_KAFKA_PREFIX", "vod/live", /letters, digits, dots/],
  ["FLIX_KAFKA_TLS", "/nowhere", /on, off, or a PEM file/],
  ["FLIX_KAFKA_PARTITIONS", "0", /from 1/],
  ["FLIX_KAFKA_REPLICATION", "many", /from 1/],
  ["FLIX_KAFKA_MIN_IN_SYNC", "0", /from 1/],
  ["FLIX_LOG_LEVEL", "loud", /one of fatal, error/],
  ["FLIX_TRUSTED_PROXIES", "10.0.0.0/33", /an address, a CIDR or one of loopback/],
  ["FLIX_TRUSTED_PROXIES", "proxy.example.com", /an address, a CIDR/],
  ["FLIX_CORS_ORIGINS", "https://example.com/watch", /without a path/],
  ["FLIX_CORS_ORIGINS", "*", /http or https URL/],
  ["FLIX_TERRITORY_HEADER", "X Country", /name of a header/],
  ["FLIX_SIGN_UP", "maybe", /one of open, closed/],
  ["FLIX_DIRECT_UPLOADS", "no", /one of on, off/],
  ["FLIX_SECRET", "short", /64 hexadecimal digits/],
  ["FLIX_PREVIOUS_SECRET", "short", /64 hexadecimal digits/],
  ["FLIX_LICENSE_SERVERS", "https://drm.example.com", /must be pairs such as/],
  ["FLIX_LICENSE_SERVERS", "org.w3.clearkey=https://drm.example.com", /one of com.widevine.alpha/],
  ["FLIX_FAIRPLAY_CERTIFICATE", "fps.cer", /http or https URL/],
  ["FLIX_RATE_LIMIT", "0", /from 1/],
  ["FLIX_ANONYMOUS_RATE_LIMIT", "many", /from 1/],
  ["FLIX_PLAYER", "/nowhere", /no index.html/],
];

test.each(wrong)("%s=%s is refused by name, with what it must be", (name, value, reason) => {
  const problems = problemsOf({ [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${name}=`));
  expect(problems[0]).toMatch(reason);
});

test("all that is wrong is told together", () => {
  const byName = new Map(wrong.map(([name, value]) => [name, value]));
  const problems = problemsOf(Object.fromEntries(byName));
  expect(problems.map((problem) => problem.split("=", 1)[0]).toSorted()).toEqual(
    [...byName.keys()].toSorted(),
  );
});

test("what may hold a secret is not repeated", () => {
  const canary = "c4n4ry";
  const problems = problemsOf({
    DATABASE_URL: `mysql://flix:${canary}@db/flix`,
    FLIX_USERS_DATABASE_URL: `mysql://flix:${canary}@db/flix`,
    FLIX_SECRET: canary,
    FLIX_KAFKA_SASL: `md5:flix:${canary}`,
    FLIX_OBJECTS: `s3://key:${canary}@bucket/media`,
  });
  expect(problems).toHaveLength(5);
  expect(problems.join("\n")).not.toContain(canary);
});

test("a password for Kafka says how it is written", () => {
  const [problem] = problemsOf({ FLIX_KAFKA_SASL: "flix:secret" });
  expect(problem).toMatch(
    /^FLIX_KAFKA_SASL=\.\.\.: must be mechanism:user:password, .* plain, scram-sha-256/,
  );
});

test("any value of any variable is read or refused with a reason", () => {
  const names = [...new Set(wrong.map(([name]) => name))];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string(), (name, value) => {
      for (const problem of problemsOf({ [name]: value })) expect(problem).toMatch(/^\w+=[^]*: [^]+/);
    }),
    { numRuns: 500 },
  );
});

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
