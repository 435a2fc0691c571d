import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { PostgresError, USE_ANOTHER_SERVER } from "./errors.ts";

export interface FolderLock {
  release(): Promise<void>;
}

/** Kept from the garbage collector, which would close a lock that nobody refers to, and so give it up. */
const held = new Set<DatabaseSync>();

/**
 * Keeps every other process off a data folder.
 *
 * A file that names a process id goes stale after `kill -9`, and the same id can be another process after a
 * restart or in another container that mounts the folder. So the lock is the kernel's: SQLite's exclusive lock
 * (fcntl, LockFileEx) on an empty file, gone with the process that held it, however that process ended. The file
 * `holder` beside it only serves the error message.
 */
export async function lockFolder(directory: string): Promise<FolderLock> {
  const holderPath = join(directory, "holder");
  const database = openLockFile(join(directory, "lock"));
  try {
    database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw unusable(directory, cause);
    throw await lockedBy(directory, holderPath, cause);
  }
  held.add(database);
  await writeFile(holderPath, `${process.pid}\n`);
  return {
    async release() {
      // The name goes first: once the lock is open the file may be the next holder's.
      await rm(holderPath, { force: true });
      database.close();
      held.delete(database);
    },
  };
}

function openLockFile(path: string) {
  // Not a static import: bundlers strip `node:` from builtins, and this one has no name without it.
  const sqlite = process.getBuiltinModule("node:sqlite");
  if (sqlite === undefined) {
    throw new PostgresError(
      "postgres_runtime_too_old",
      `Node ${process.version} has no node:sqlite, which locks the data folder: use Node 24 or later, ${USE_ANOTHER_SERVER}`,
    );
  }
  try {
    return new sqlite.DatabaseSync(path);
  } catch (cause) {
    throw unusable(path, cause);
  }
}

async function lockedBy(directory: string, holderPath: string, cause: unknown): Promise<PostgresError> {
  const holder = await readFile(holderPath, "utf8").catch(() => "");
  const who = /^\d+\s*$/.test(holder) ? `process ${holder.trim()}` : "another process";
  return new PostgresError(
    "postgres_folder_locked",
    `${directory} is in use by ${who}: stop it first, choose another folder, ${USE_ANOTHER_SERVER}`,
    { cause },
  );
}

function unusable(path: string, cause: unknown): PostgresError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PostgresError(
    "postgres_folder_unusable",
    `Cannot lock ${path} (${reason}): make the folder writable for this user, ${USE_ANOTHER_SERVER}`,
    { cause },
  );
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "errcode") === 5;
}
