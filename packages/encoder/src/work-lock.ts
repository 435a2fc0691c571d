import { open, rm, stat } from "node:fs/promises";
import { EncoderError } from "./errors.ts";

/** Paths that this process holds: the kernel's locks are between processes. */
const held = new Set<string>();

/**
 * One process works on a key at a time. The lock is the kernel's (SQLite's exclusive lock on an empty file: fcntl,
 * LockFileEx), gone with its process however that ends, so there is no stale lock to tell from a live one. The file goes with
 * the release; who opened it just before then holds a lock on a file without a name, sees so, and tries again.
 */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  if (held.has(path)) throw inUse(path);
  held.add(path);
  try {
    for (;;) {
      const release = await tryLock(path);
      if (release) return release;
    }
  } catch (error) {
    held.delete(path);
    throw error;
  }
}

/** Undefined when the file was removed or replaced while it was being locked. */
async function tryLock(path: string): Promise<(() => Promise<void>) | undefined> {
  // Kept open, so that the inode's number is nobody else's; closing it early would drop the process's locks on the file.
  const file = await open(path, "a", 0o600);
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(path);
  const close = async () => {
    database.close();
    await file.close();
  };
  try {
    database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (cause) {
    await close();
    throw isBusy(cause) ? inUse(path) : cause;
  }
  const [named, locked] = [await stat(path).catch(() => undefined), await file.stat()];
  if (named?.ino !== locked.ino) {
    await close();
    return undefined;
  }
  return async () => {
    await rm(path, { force: true });
    await close();
    held.delete(path);
  };
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "errcode") === 5;
}

function inUse(path: string): EncoderError {
  return new EncoderError("work_in_use", {
    message: "Another process is encoding this file with the same settings.",
    hint: `Wait for it to end; it holds ${path}.`,
  });
}
