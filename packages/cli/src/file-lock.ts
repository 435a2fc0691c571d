import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCodeOf } from "./errors.ts";

/** Longer than a token request with its retries; whoever holds a lock for longer has hung. */
const staleAfterMs = 120_000;
const pollMs = 50;

/**
 * Runs while no other process holds the lock file. It names its holder, so that the lock of one that died is taken over at once;
 * where the holder cannot be looked up (another host on a shared home), its age decides.
 */
export async function withFileLock<T>(path: string, run: () => Promise<T>): Promise<T> {
  while (!(await tryLock(path))) {
    if (await isStale(path)) await removeStale(path);
    else await sleep(pollMs);
  }
  try {
    return await run();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(String(process.pid)).finally(() => file.close());
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    const [holder, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    const ageMs = Date.now() - mtimeMs;
    return ageMs > staleAfterMs || (/^\d+$/.test(holder) && !isRunning(Number(holder)));
  } catch {
    // It was given back meanwhile.
    return false;
  }
}

/** Moved away first: of two that found it stale, one might otherwise remove the lock that the other has just taken. */
async function removeStale(path: string): Promise<void> {
  const away = `${path}.${process.pid}`;
  try {
    await rename(path, away);
    if (await isStale(away)) await rm(away, { force: true });
    else await rename(away, path);
  } catch (error) {
    if (systemCodeOf(error) !== "ENOENT") throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === "EPERM";
  }
}
