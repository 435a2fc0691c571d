import { open, rm, stat, type FileHandle } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { EncoderError } from "../errors.ts";

interface Lock {
  file: FileHandle;
  database: DatabaseSync;
}

/**
 * What this process holds, by path: the kernel's locks are between processes. The handles are kept here too, for one that
 * nobody refers to is closed by the garbage collector, and its lock goes with it.
 */
const held = new Map<string, Lock | "acquiring">();

/**
 * One process works on a key at a time. The lock is the kernel's (SQLite's exclusive lock on an empty file: fcntl,
 * LockFileEx), gone with its process however that ends, so there is no stale lock to tell from a live one. The file goes with
 * the release; who opened it just before then holds a lock on a file without a name, sees so, and tries again.
 */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  if (held.has(path)) throw inUse(path);
  held.set(path, "acquiring");
  try {
    let lock: Lock | undefined;
    while (!lock) lock = await tryLock(path);
    held.set(path, lock);
  } catch (error) {
    held.delete(path);
    throw error;
  }
  return () => release(path);
}

async function release(path: string): Promise<void> {
  const lock = held.get(path);
  if (lock === undefined || lock === "acquiring") return;
  await rm(path, { force: true });
  await close(lock);
  held.delete(path);
}

async function close({ file, database }: Lock): Promise<void> {
  database.close();
  await file.close();
}

/** Undefined when the file was removed or replaced while it was being locked. */
async function tryLock(path: string): Promise<Lock | undefined> {
  // Kept open, so that the inode's number is nobody else's; closing it early would drop the process's locks on the file.
  const file = await open(path, "a", 0o600);
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const lock: Lock = { file, database: new DatabaseSync(path) };
  try {
    lock.database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (cause) {
    await close(lock);
    throw isBusy(cause) ? inUse(path) : cause;
  }
  const [named, locked] = [await stat(path).catch(() => undefined), await file.stat()];
  if (named?.ino !== locked.ino) {
    await close(lock);
    return undefined;
  }
  return lock;
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
