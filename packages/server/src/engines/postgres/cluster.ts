import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { PostgresError, USE_ANOTHER_SERVER } from "./errors.ts";
import { handOver } from "./folders.ts";
import type { Privileges } from "./privileges.ts";
import { postgresEnvironment, run } from "./run.ts";

/** The cluster's owner in PostgreSQL; the platform itself signs in as an ordinary role. */
export const SUPERUSER = "postgres";

/**
 * Makes the data folder once and returns its path. initdb works in a folder of its own that is renamed when it is
 * whole and on disk, so `data` either is a complete cluster or is not there: an interrupted initdb costs nothing.
 */
export async function ensureCluster(
  directory: string,
  binaries: Binaries,
  privileges: Privileges,
): Promise<string> {
  const data = join(directory, "data");
  await removePartial(directory);
  const files = await readdir(data).catch(() => []);
  if (files.length === 0) await initialise(directory, data, binaries, privileges);
  else await checkVersion(data, binaries, privileges);
  await handOver(data, privileges);
  return data;
}

async function removePartial(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith("data.partial-")) continue;
    // An initdb whose parent was killed may still be writing there; it fails once its folder is gone.
    await rm(join(directory, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

async function initialise(
  directory: string,
  data: string,
  binaries: Binaries,
  privileges: Privileges,
): Promise<void> {
  const partial = join(directory, `data.partial-${randomBytes(6).toString("hex")}`);
  await mkdir(partial, { mode: 0o700 });
  await handOver(partial, privileges);
  const [program = binaries.initdb, ...args] = [
    ...privileges.prefix,
    binaries.initdb,
    `--pgdata=${partial}`,
    `--username=${SUPERUSER}`,
    "--encoding=UTF8",
    // Sorts by code point and knows upper and lower case of every script, the same on every machine: indexes
    // survive an upgrade of the system's own locales.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
    ...(await authentication(directory)),
  ];
  const { status, output } = await run(program, args, {
    ...privileges.identity,
    cwd: directory,
    env: postgresEnvironment(),
  });
  if (status !== 0) {
    await rm(partial, { recursive: true, force: true });
    throw initdbFailed(directory, output);
  }
  await rename(partial, data).catch(async (error: unknown) => {
    // rename() replaces an empty folder on POSIX, not on Windows.
    await rm(data, { recursive: true, force: true });
    await rename(partial, data).catch(() => Promise.reject(error));
  });
  await syncFolder(directory);
}

/** Windows listens on loopback, where only a password keeps other users out; see access.ts for the rest. */
async function authentication(directory: string): Promise<string[]> {
  if (process.platform !== "win32") return ["--auth-local=peer", "--auth-host=reject"];
  const file = passwordFile(directory);
  await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return ["--auth=scram-sha-256", `--pwfile=${file}`];
}

export function passwordFile(directory: string): string {
  return join(directory, "password");
}

function initdbFailed(directory: string, output: string): PostgresError {
  if (/no space left on device/i.test(output)) {
    return new PostgresError(
      "no_space",
      `No space left to create a database in ${directory} (it needs about 50 MB): free some, ${USE_ANOTHER_SERVER}`,
    );
  }
  return new PostgresError(
    "postgres_initdb_failed",
    `Cannot create a database in ${directory}: ${output}. Repair that, ${USE_ANOTHER_SERVER}`,
  );
}

/** Data of one major version cannot be read by another: https://www.postgresql.org/docs/current/upgrading.html */
async function checkVersion(data: string, binaries: Binaries, privileges: Privileges): Promise<void> {
  const found = await readFile(join(data, "PG_VERSION"), "utf8").catch(() => undefined);
  if (found === undefined) {
    throw new PostgresError(
      "postgres_folder_unknown",
      `${data} holds files that are not a database: move them away, choose another folder, ${USE_ANOTHER_SERVER}`,
    );
  }
  const [program, ...args] = [...privileges.prefix, binaries.postgres, "--version"];
  const { output } = await run(program, args, { ...privileges.identity, env: postgresEnvironment() });
  const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (major === found.trim()) return;
  throw new PostgresError(
    "postgres_version_mismatch",
    `${data} was written by PostgreSQL ${found.trim()}, and this flix carries ${major ?? "an unknown version"}: dump it with the flix that wrote it and restore it here, ${USE_ANOTHER_SERVER}`,
  );
}

async function syncFolder(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  await handle.sync();
  await handle.close();
}
