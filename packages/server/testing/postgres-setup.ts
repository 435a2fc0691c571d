import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { findAccess } from "../../../tools/engines/find-access.ts";
import { postgres } from "../../../tools/engines/postgres.ts";
import { startEmbeddedPostgres } from "../src/engines/postgres/embedded.ts";
import { lockFolder } from "../src/engines/postgres/lock.ts";

export interface TestPostgres {
  /** A server, and a role that may make databases on it. */
  connectionString: string;
  /** Every database of this run is named with it, so that two runs on one server do not meet. */
  run: string;
}

declare module "vitest" {
  interface ProvidedContext {
    postgres: TestPostgres;
  }
}

/**
 * The data is thrown away, so nothing has to reach the disk. A worker of autovacuum in a database that is being dropped would
 * be another role's process, which the tests' role may not end.
 */
const DISPOSABLE = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "200",
  autovacuum: "off",
};

const FOLDER_PREFIX = "flix-test-";
const NEW_FOR_MS = 10 * 60_000;

/**
 * One PostgreSQL for the whole run: the one that FLIX_TEST_DATABASE_URL names, or that of `pnpm engines` where the project is
 * about it, else one of our own, gone afterwards.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = randomBytes(4).toString("hex");
  const engine = project.config.env["FLIX_TEST_DATABASE"] === "postgres" ? findAccess(postgres) : undefined;
  const external = process.env.FLIX_TEST_DATABASE_URL ?? engine?.url;
  const server = external === undefined ? await startTestServer() : { connectionString: external };
  project.provide("postgres", { connectionString: server.connectionString, run });
  return async () => {
    if ("stop" in server) await server.stop();
    else await dropDatabases(server.connectionString, run);
  };
}

async function startTestServer() {
  await removeAbandoned();
  const directory = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({ directory, settings: DISPOSABLE });
    await allowCreatingDatabases(server.adminConnectionString);
    return { connectionString: server.connectionString, stop: () => server.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A run that was killed leaves its folder, which nobody locks any more. A new one may be about to be locked. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const directory = join(tmpdir(), name);
    const found = await stat(directory).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < NEW_FOR_MS) continue;
    const lock = await lockFolder(directory).catch(() => undefined);
    if (lock === undefined) continue;
    await rm(directory, { recursive: true, force: true });
    await lock.release();
  }
}

/** The tests' role is the platform's own, with this one right more, and no superuser. */
async function allowCreatingDatabases(adminConnectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminConnectionString });
  await client.connect();
  await client.query("ALTER ROLE flix CREATEDB").finally(() => client.end());
}

async function dropDatabases(connectionString: string, run: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE starts_with(datname, $1)",
      [`flix_test_${run}_`],
    );
    for (const { datname } of rows) {
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
    }
  } finally {
    await client.end();
  }
}
