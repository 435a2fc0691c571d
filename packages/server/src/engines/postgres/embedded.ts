import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { connectionString, freePort, readPassword, type Address } from "./address.ts";
import { findBinaries, type Binaries } from "./binaries.ts";
import { ensureCluster, SUPERUSER } from "./cluster.ts";
import { PostgresError, USE_ANOTHER_SERVER, type Logger } from "./errors.ts";
import { createPrivateFolder, createSocketFolder, handOver, removeSocketFolder } from "./folders.ts";
import { lockFolder } from "./lock.ts";
import { stopOrphan } from "./orphan.ts";
import { logTail, startPostmaster, type Postmaster } from "./postmaster.ts";
import { choosePrivileges } from "./privileges.ts";
import { writeSettings } from "./settings.ts";

export interface EmbeddedPostgres {
  /** The database `flix`, as the role `flix` that owns it and nothing else. */
  connectionString: string;
  /** The database `postgres` as superuser, for tools that make databases. */
  adminConnectionString: string;
  /** Fast shutdown: sessions are cut, what was committed is on disk. May be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Holds data, socket, lock and log. Made when missing. */
  directory: string;
  logger?: Logger;
  /** Additions to postgresql.conf, e.g. `{ fsync: "off" }` for a server whose data may be lost. */
  settings?: Record<string, string>;
}

/** Starts the PostgreSQL that came from npm on a folder that nobody else uses meanwhile. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  const binaries = await findBinaries();
  await createPrivateFolder(directory);
  const lock = await lockFolder(directory);
  try {
    const server = await startLocked(directory, binaries, options);
    const stopOnce = async () => {
      await server.stop();
      await lock.release();
    };
    let stopping: Promise<void> | undefined;
    return { ...server, stop: () => (stopping ??= stopOnce()) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startLocked(
  directory: string,
  binaries: Binaries,
  { logger, settings }: EmbeddedOptions,
): Promise<EmbeddedPostgres> {
  const startedMs = performance.now();
  const address = await chooseAddress(directory);
  const socketFolder = address.kind === "socket" ? address.folder : directory;
  const privileges = await choosePrivileges({ directory, socketFolder, postgres: binaries.postgres });
  await stopOrphan(join(directory, "data"), binaries, logger);
  await handOver(directory, privileges);
  await handOver(socketFolder, privileges);
  const data = await ensureCluster(directory, binaries, privileges);
  await writeSettings(data, address, privileges, settings);

  const password = await readPassword(directory);
  const admin = connectionString(address, { user: SUPERUSER, database: "postgres", password });
  const postmaster = await startAnswering(
    { data, logPath: join(directory, "postgres.log"), binaries, privileges },
    admin,
  );
  logger?.info({ directory, ms: Math.round(performance.now() - startedMs) }, "embedded PostgreSQL answers");
  return {
    connectionString: connectionString(address, { user: "flix", database: "flix", password }),
    adminConnectionString: admin,
    async stop() {
      await postmaster.stop();
      await removeSocketFolder(socketFolder);
    },
  };
}

async function chooseAddress(directory: string): Promise<Address> {
  if (process.platform === "win32") return { kind: "loopback", port: await freePort() };
  return { kind: "socket", folder: await createSocketFolder(directory), port: 5432 };
}

const READY_WITHIN_MS = 120_000;
const POLL_MS = 20;

/** Starts the server and returns when it takes sessions and has our role and database. */
async function startAnswering(
  start: Parameters<typeof startPostmaster>[0],
  admin: string,
): Promise<Postmaster> {
  const postmaster = await startPostmaster(start);
  try {
    const client = await connectWhenReady(postmaster, admin, start.logPath);
    await ensureDatabase(client, admin).finally(() => client.end());
    return postmaster;
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
}

async function connectWhenReady(postmaster: Postmaster, admin: string, logPath: string): Promise<pg.Client> {
  let last: unknown;
  for (
    const giveUpAt = performance.now() + READY_WITHIN_MS;
    performance.now() < giveUpAt;
    await delay(POLL_MS)
  ) {
    const client = new pg.Client({ connectionString: admin });
    client.on("error", () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      last = error;
      await client.end().catch(() => {});
    }
    const exited = postmaster.exited();
    if (exited !== undefined) throw startFailed(exited, await logTail(logPath), last);
  }
  throw startFailed(`no answer within ${READY_WITHIN_MS / 1000} s`, await logTail(logPath), last);
}

async function ensureDatabase(client: pg.Client, admin: string): Promise<void> {
  const { password } = new URL(admin);
  const role = await client.query("SELECT FROM pg_roles WHERE rolname = 'flix'");
  if (role.rowCount === 0) await client.query("CREATE ROLE flix LOGIN");
  if (password !== "")
    await client.query(`ALTER ROLE flix PASSWORD ${pg.escapeLiteral(decodeURIComponent(password))}`);
  const database = await client.query("SELECT FROM pg_database WHERE datname = 'flix'");
  if (database.rowCount === 0) await client.query("CREATE DATABASE flix OWNER flix");
}

function startFailed(reason: string, log: string, cause: unknown): PostgresError {
  const code = /no space left on device/i.test(log) ? "no_space" : "postgres_start_failed";
  const message = `The embedded PostgreSQL did not start (${reason}). It said:\n${log}\nRepair that, ${USE_ANOTHER_SERVER}`;
  return new PostgresError(code, message, { cause });
}
