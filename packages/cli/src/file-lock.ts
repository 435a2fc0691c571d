import { open, readFile, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { CliError, messageOf, systemCodeOf } from "./errors.ts";

/** Longer than a token request with its retries; whoever holds a lock for longer has hung. */
const staleAfterMs = 120_000;
const pollMs = 50;

/**
 * Runs while no other process holds the lock file. It names its holder, so that the lock of one that died is taken over at once;
 * where the holder cannot be looked up (another host on a shared home), its age decides.
 */
export async function withFileLock<T>(path: string, run: () => Promise<T>): Promise<T> {
  while (!(await tryLock(path))) {
    if (await isStale(path)) await rm(path, { force: true });
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
    throw new CliError("config_not_writable", {
      message: `${path} cannot be made: ${messageOf(error)}`,
      fix: "Make its folder writable, or choose another with FLIX_CONFIG_DIR.",
      cause: error,
    });
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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) === "EPERM";
  }
}
