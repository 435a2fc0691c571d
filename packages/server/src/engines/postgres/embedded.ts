import { dirname, join, resolve } from "node:path";
import { connectionString, freePort, readPassword, type Address } from "./address.ts";
import { findBinaries, type Binaries } from "./binaries.ts";
import { ensureCluster, SUPERUSER } from "./cluster.ts";
import type { Logger } from "./errors.ts";
import {
  createPrivateFolder,
  clearSocketFolder,
  createSocketFolder,
  handOver,
  removeSocketFolder,
} from "./folders.ts";
import { keepRunning } from "./keep-running.ts";
import { lockFolder } from "./lock.ts";
import { stopOrphan } from "./orphan.ts";
import { choosePrivileges } from "./privileges.ts";
import { startReady } from "./ready.ts";
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
  options: EmbeddedOptions,
): Promise<EmbeddedPostgres> {
  const address = await chooseAddress(directory);
  const socketFolder = address.kind === "socket" ? address.folder : directory;
  try {
    const server = await startAt(address, socketFolder, directory, binaries, options);
    return { ...server, stop: () => server.stop().finally(() => removeSocketFolder(socketFolder)) };
  } catch (error) {
    await removeSocketFolder(socketFolder);
    throw error;
  }
}

async function startAt(
  address: Address,
  socketFolder: string,
  directory: string,
  binaries: Binaries,
  { logger, settings }: EmbeddedOptions,
): Promise<EmbeddedPostgres> {
  const startedMs = performance.now();
  const parents = [directory, socketFolder].map((folder) => dirname(folder)).filter((it) => it !== directory);
  const privileges = await choosePrivileges({ directory, parents, postgres: binaries.postgres });
  await stopOrphan(join(directory, "data"), binaries, logger);
  await handOver(directory, privileges);
  await handOver(socketFolder, privileges);
  const data = await ensureCluster(directory, binaries, privileges);
  await writeSettings(data, address, privileges, settings);

  const password = await readPassword(directory);
  const admin = connectionString(address, { user: SUPERUSER, database: "postgres", password });
  const logPath = join(directory, "postgres.log");
  const start = async () => {
    await clearSocketFolder(socketFolder);
    return startReady({ data, logPath, binaries, privileges }, admin);
  };
  const server = await keepRunning(start, logPath, logger);
  logger?.info({ directory, ms: Math.round(performance.now() - startedMs) }, "embedded PostgreSQL answers");
  return {
    connectionString: connectionString(address, { user: "flix", database: "flix", password }),
    adminConnectionString: admin,
    stop: () => server.stop(),
  };
}

async function chooseAddress(directory: string): Promise<Address> {
  if (process.platform === "win32") return { kind: "loopback", port: await freePort() };
  return { kind: "socket", folder: await createSocketFolder(directory), port: 5432 };
}
