import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { postgres } from "../../../../../tools/engines/postgres.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { createEmptyDatabase, type TestDatabase } from "../../../testing/empty-database.ts";
import { EngineFaults } from "../../all-together.ts";
import { readConfig } from "../../config.ts";
import { openDatabases } from "../../databases.ts";
import { startServer } from "../../start-server.ts";
import { startOwnPostgres, type OwnPostgres } from "./testing/own-postgres.ts";

// The server is the test's own, since it is given a certificate; that of `pnpm engines` says that this machine can run one.
describeWith(
  postgres,
  "a PostgreSQL that cannot be used is told by its variable, what was tried and what to do",
  () => {
    const ends: (() => Promise<void>)[] = [];
    let server: OwnPostgres;
    let database: TestDatabase;
    let certificate: string;

    beforeAll(async () => {
      server = await startOwnPostgres((stop) => void ends.push(stop));
      certificate = await server.certify();
      const loopback = ["127.0.0.1/32", "::1/128"];
      const access = loopback.flatMap((from) => [
        `host all guarded ${from} scram-sha-256`,
        `hostnossl all private ${from} reject`,
      ]);
      await server.configure({ access });
      await server.restart();
      await server.query("create role guarded login password 's3cret'");
      await server.query("create role private login; create role guest login");
      database = await createEmptyDatabase(server.url);
    }, 60_000);
    afterAll(async () => {
      for (const end of ends) await end();
    });

    /** The database's URL with other parts. */
    function url(
      parts: Partial<Record<"username" | "password" | "hostname" | "port" | "pathname", string>>,
      query = "",
    ) {
      return Object.assign(new URL(database.connectionString), parts, { search: query }).href;
    }

    async function tryToOpen(connection: string): Promise<unknown> {
      const config = readConfig({ DATABASE_URL: connection });
      const databases = openDatabases({ ...config, url: connection, log: pino({ level: "silent" }) });
      try {
        await databases.check();
        await databases.migrate();
        return undefined;
      } catch (error) {
        return error;
      } finally {
        await databases.close();
      }
    }

    test.each([
      [
        "a host that is not there",
        "postgres_unreachable",
        { hostname: "database.invalid" },
        "",
        /ENOTFOUND.*host and port/,
      ],
      [
        "a port where nobody listens",
        "postgres_unreachable",
        { port: "1" },
        "",
        /ECONNREFUSED.*Check that it runs/,
      ],
      [
        "a wrong password",
        "postgres_credentials_refused",
        { username: "guarded", password: "c4n4ry" },
        "",
        /password authentication failed.*Check user and password/,
      ],
      ["no password", "postgres_credentials_refused", { username: "guarded" }, "", /Check user and password/],
      [
        "no such user",
        "postgres_credentials_refused",
        { username: "nobody" },
        "",
        /role "nobody" does not exist/,
      ],
      [
        "no such database",
        "postgres_database_missing",
        { pathname: "/films" },
        "",
        /"films" does not exist.*CREATE DATABASE/,
      ],
      [
        "a user who owns nothing",
        "postgres_access_denied",
        { username: "guest" },
        "",
        /may not create schemas.*OWNER TO/,
      ],
      [
        "no TLS where it is wanted",
        "postgres_tls_failed",
        { username: "private" },
        "",
        /without TLS.*sslmode=verify-full/,
      ],
      [
        "a certificate that nobody vouches for",
        "postgres_tls_failed",
        {},
        "?sslmode=verify-full",
        /self-signed.*sslrootcert/,
      ],
    ])("%s", async (_, code, parts, query, words) => {
      const connection = url(parts, query);
      const error = await tryToOpen(connection);
      expect(error).toMatchObject({
        code,
        message: expect.stringMatching(/^DATABASE_URL=postgres:\/\/\w+@[\w.]+:\d+\//),
      });
      expect(error).toMatchObject({ message: expect.stringMatching(words) });
      expect(error).toMatchObject({ message: expect.not.stringMatching(/c4n4ry|s3cret|:@/) });
    });

    test("a certificate of another name", async () => {
      const query = `?sslmode=verify-full&sslrootcert=${certificate}`;
      expect(await tryToOpen(url({}, query))).toMatchObject({
        code: "postgres_tls_failed",
        message: expect.stringMatching(/127\.0\.0\.1.*sslmode=verify-ca takes any name/),
      });
    });

    describe("TLS as libpq has it", () => {
      test.each([
        ["require", "127.0.0.1", false],
        ["require", "127.0.0.1", true],
        ["verify-ca", "127.0.0.1", true],
        ["verify-full", "localhost", true],
      ])("sslmode=%s to %s, with the authority: %s", async (mode, hostname, given) => {
        const query = `?sslmode=${mode}${given ? `&sslrootcert=${certificate}` : ""}`;
        const connection = url({ hostname }, query);
        expect(await tryToOpen(connection)).toBeUndefined();
        const config = readConfig({ DATABASE_URL: connection });
        const databases = openDatabases({ ...config, url: connection, log: pino({ level: "silent" }) });
        const asked = sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
        expect((await asked.execute(databases.of("catalog"))).rows).toEqual([{ ssl: true }]);
        await databases.close();
      });
    });

    test("several engines that cannot be used are told together, and nothing is left open", async () => {
      const folder = await mkdtemp(join(tmpdir(), "flix-faults-"));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      await writeFile(join(folder, "file"), "");
      const config = readConfig({
        FLIX_DATA: folder,
        FLIX_PORT: "0",
        DATABASE_URL: url({ pathname: "/films" }),
        FLIX_BILLING_DATABASE_URL: url({ port: "1" }),
        FLIX_OBJECTS: join(folder, "file/objects"),
        KAFKA_BROKERS: "127.0.0.1:1",
      });
      const log = pino({ level: "silent" });
      const error: unknown = await startServer({ config, log }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(EngineFaults);
      expect(String(Reflect.get(Object(error), "message")).split("\n")).toEqual([
        expect.stringMatching(/FLIX_OBJECTS|file\/objects/),
        expect.stringMatching(/^KAFKA_BROKERS=127\.0\.0\.1:1: no broker answers/),
        expect.stringMatching(/^DATABASE_URL=.*\/films: the server has no such database/),
        expect.stringMatching(/^FLIX_BILLING_DATABASE_URL=.*: no server answers/),
      ]);
      const others = "select 1 from pg_stat_activity where datname = 'films' or application_name = 'flix'";
      expect(await server.query(others)).toEqual([]);
    });
  },
);
