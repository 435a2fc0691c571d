import { resolve } from "node:path";
import {
  baseUrl,
  headerName,
  hexSecret,
  integer,
  type LicenseServers,
  licenseServers,
  oneOf,
  origin,
  playerBuild,
  proxies,
  redisUrl,
  words,
} from "./config-values.ts";
import {
  kafkaBrokers,
  type KafkaLocation,
  kafkaPrefix,
  kafkaSasl,
  kafkaTls,
} from "./engines/events/location.ts";
import { amqpPrefix, amqpUrl, type BrokerLocation } from "./engines/jobs/location.ts";
import { type ObjectsLocation, parseLocation } from "./engines/objects/location.ts";
import { postgresUrl } from "./engines/postgres/location.ts";
import type { RedisLocation } from "./engines/redis/link.ts";

export const moduleNames = [
  "users",
  "catalog",
  "media",
  "playback",
  "recommendations",
  "billing",
  "analytics",
  "edge",
  "ops",
] as const;
export type ModuleName = (typeof moduleNames)[number];

/** The variable that gives a module a database of its own. */
export function databaseVariable(module: ModuleName): string {
  return `FLIX_${module.toUpperCase()}_DATABASE_URL`;
}

/** The variable that names a replica for all modules' lists, or for those of one. */
export function replicaVariable(module?: ModuleName): string {
  return `FLIX_${module === undefined ? "" : `${module.toUpperCase()}_`}REPLICA_DATABASE_URL`;
}

export interface Config {
  host: string;
  port: number;
  /** Where clients reach the platform, without a trailing slash. */
  publicUrl: string;
  /** Holds everything that the embedded parts keep. */
  dataDirectory: string;
  /** Undefined: the embedded PostgreSQL. */
  databaseUrl: string | undefined;
  moduleDatabaseUrls: Partial<Record<ModuleName, string>>;
  /** Of `databaseUrl`; undefined: everything is read from there. */
  replicaUrl: string | undefined;
  moduleReplicaUrls: Partial<Record<ModuleName, string>>;
  databasePoolSize: number;
  /** Longest time of one statement, and longest wait for another transaction's lock; 0: as PostgreSQL is set. */
  databaseTimeouts: { statementMs: number; lockMs: number };
  /** The route groups that this process serves; `ops`, which is about the process, always among them. */
  modules: ModuleName[];
  /** For how long a process that was told to end serves on, so that a gateway learns of it. */
  leaveSeconds: number;
  objects: ObjectsLocation;
  /** Whether uploads go straight to a store that can grant it, past this process. */
  directUploads: boolean;
  /** Undefined: events stay in the database. */
  kafka: KafkaLocation | undefined;
  /** Undefined: caches and limits are each process's own. */
  redis: RedisLocation | undefined;
  /** Undefined: background jobs run where they are found due. */
  amqp: BrokerLocation | undefined;
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  /** Addresses or CIDRs of proxies whose `X-Forwarded-For` counts. */
  trustedProxies: string[];
  corsOrigins: string[];
  /** The header in which a trusted proxy tells the viewer's country; undefined: the account's country counts. */
  territoryHeader: string | undefined;
  signUp: "open" | "closed";
  metricsToken: string | undefined;
  /** 64 hex digits; undefined: made once and kept in the data directory. */
  secret: string | undefined;
  /** The secret before `secret`, until everything is sealed anew. */
  previousSecret: string | undefined;
  /** Where the DRM systems of packages that a key server protects get their licenses. */
  licenseServers: LicenseServers;
  fairPlayCertificateUrl: string | undefined;
  limits: { principalPerSecond: number; anonymousPerSecond: number };
  /** The built web player; undefined: the one that comes with the server, if it was built. */
  playerDirectory: string | undefined;
}

export class ConfigError extends Error {
  readonly code = "config_not_valid";
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

const mayHoldSecret = /SECRET|TOKEN|DATABASE_URL|REDIS_URL|AMQP_URL|SASL/;
const holdsCredentials = /\/\/[^/]*@/;

/** Two background jobs, each of which may be read for and written at once. */
const leastPool = 4;

/** Reads every variable once; all that is wrong is told together. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const problems: string[] = [];
  const read: Read = (name, parse, fallback) => {
    const value = environment[name]?.trim();
    if (value === undefined || value === "") return fallback;
    try {
      return parse(value);
    } catch (error) {
      const hidden = mayHoldSecret.test(name) || holdsCredentials.test(value);
      problems.push(`${name}=${hidden ? "..." : value}: ${messageOf(error)}`);
      return fallback;
    }
  };
  const port = read("FLIX_PORT", (value) => integer(value, 0, 65_535), 8080);
  const dataDirectory = resolve(read("FLIX_DATA", String, ".flix"));
  const config: Config = {
    host: read("FLIX_HOST", String, "127.0.0.1"),
    port,
    publicUrl: read("FLIX_PUBLIC_URL", baseUrl, `http://localhost:${port}`),
    dataDirectory,
    databaseUrl: read<string | undefined>("DATABASE_URL", postgresUrl, undefined),
    moduleDatabaseUrls: readUrls(read, databaseVariable),
    replicaUrl: read<string | undefined>(replicaVariable(), postgresUrl, undefined),
    moduleReplicaUrls: readUrls(read, replicaVariable),
    databasePoolSize: read("FLIX_DATABASE_POOL", (value) => integer(value, leastPool, 1000), 10),
    databaseTimeouts: {
      statementMs: read("FLIX_DATABASE_STATEMENT_TIMEOUT_MS", milliseconds, 10_000),
      lockMs: read("FLIX_DATABASE_LOCK_TIMEOUT_MS", milliseconds, 5_000),
    },
    modules: read("FLIX_MODULES", modules, [...moduleNames]),
    leaveSeconds: read("FLIX_LEAVE_SECONDS", (value) => integer(value, 0, 15), 0),
    objects: read("FLIX_OBJECTS", parseLocation, parseLocation(`${dataDirectory}/objects`)),
    directUploads: read("FLIX_DIRECT_UPLOADS", onOrOff, true),
    kafka: readKafka(read),
    redis: readRedis(read),
    amqp: readAmqp(read),
    logLevel: read("FLIX_LOG_LEVEL", logLevel, "info"),
    trustedProxies: read("FLIX_TRUSTED_PROXIES", proxies, []),
    corsOrigins: read("FLIX_CORS_ORIGINS", (value) => words(value).map(origin), []),
    territoryHeader: read<string | undefined>("FLIX_TERRITORY_HEADER", headerName, undefined),
    signUp: read("FLIX_SIGN_UP", (value) => oneOf(value, ["open", "closed"] as const), "open"),
    metricsToken: read<string | undefined>("FLIX_METRICS_TOKEN", String, undefined),
    secret: read<string | undefined>("FLIX_SECRET", hexSecret, undefined),
    previousSecret: read<string | undefined>("FLIX_PREVIOUS_SECRET", hexSecret, undefined),
    licenseServers: read("FLIX_LICENSE_SERVERS", licenseServers, {}),
    fairPlayCertificateUrl: read<string | undefined>("FLIX_FAIRPLAY_CERTIFICATE", baseUrl, undefined),
    limits: {
      principalPerSecond: read("FLIX_RATE_LIMIT", (value) => integer(value, 1, 1_000_000), 200),
      anonymousPerSecond: read("FLIX_ANONYMOUS_RATE_LIMIT", (value) => integer(value, 1, 1_000_000), 20),
    },
    playerDirectory: read<string | undefined>("FLIX_PLAYER", playerBuild, undefined),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readUrls(
  read: Read,
  variableOf: (module: ModuleName) => string,
): Partial<Record<ModuleName, string>> {
  return Object.fromEntries(
    moduleNames.flatMap((module) => {
      const url = read<string | undefined>(variableOf(module), postgresUrl, undefined);
      return url === undefined ? [] : [[module, url]];
    }),
  );
}

function readRedis(read: Read): Config["redis"] {
  const url = read<string | undefined>("REDIS_URL", redisUrl, undefined);
  const prefix = read("FLIX_REDIS_PREFIX", String, "flix:");
  return url === undefined ? undefined : { url, prefix };
}

function readAmqp(read: Read): Config["amqp"] {
  const url = read<string | undefined>("AMQP_URL", amqpUrl, undefined);
  const prefix = read("FLIX_AMQP_PREFIX", amqpPrefix, "flix");
  return url === undefined ? undefined : { url, prefix };
}

type Read = <Value>(name: string, parse: (value: string) => Value, fallback: Value) => Value;

function readKafka(read: Read): KafkaLocation | undefined {
  const brokers = read<string[] | undefined>("KAFKA_BROKERS", kafkaBrokers, undefined);
  const location = {
    prefix: read("FLIX_KAFKA_PREFIX", kafkaPrefix, "flix"),
    tls: read("FLIX_KAFKA_TLS", kafkaTls, undefined),
    sasl: read<KafkaLocation["sasl"]>("FLIX_KAFKA_SASL", kafkaSasl, undefined),
    partitions: read("FLIX_KAFKA_PARTITIONS", (value) => integer(value, 1, 10_000), 6),
    replication: read<number | undefined>("FLIX_KAFKA_REPLICATION", replicas, undefined),
    minInSync: read<number | undefined>("FLIX_KAFKA_MIN_IN_SYNC", replicas, undefined),
  };
  return brokers === undefined ? undefined : { brokers, ...location };
}

/** At most an hour. */
function milliseconds(value: string): number {
  return integer(value, 0, 3_600_000);
}

function replicas(value: string): number {
  return integer(value, 1, 100);
}

function modules(value: string): ModuleName[] {
  const names = words(value).map((word) => oneOf(word, moduleNames));
  if (names.length > 0) return [...new Set([...names, "ops" as const])];
  throw new Error(`must name at least one of ${moduleNames.join(", ")}`);
}

function onOrOff(value: string): boolean {
  return oneOf(value, ["on", "off"] as const) === "on";
}

function logLevel(value: string): Config["logLevel"] {
  return oneOf(value, ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
