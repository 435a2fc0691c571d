import { readFile, readlink, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Binaries } from "./binaries.ts";
import { PostgresError, type Logger } from "./errors.ts";
import { removeSocketFolder } from "./folders.ts";
import { postgresEnvironment, run } from "./run.ts";

const FAST_SHUTDOWN_MS = 60_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;
const POLL_MS = 25;

/**
 * Stops a PostgreSQL whose parent was killed. Only called by the holder of the folder's lock, so a server that still
 * runs on this folder has nobody. It is stopped rather than adopted: we would not be its parent and could not see
 * it end, and a fast shutdown keeps every committed row.
 */
export async function stopOrphan(
  data: string,
  binaries: Binaries,
  logger: Logger | undefined,
): Promise<void> {
  const left = await readPidFile(data);
  if (left === undefined) return;
  if (await isPostmasterOf(left.pid, data)) {
    logger?.warn({ pid: left.pid }, "stopping a PostgreSQL that outlived its parent");
    await stop(left.pid, data, binaries);
  } else {
    await forgetRecycledPid(left.pid, data);
  }
  if (left.socketFolder !== undefined) await removeSocketFolder(left.socketFolder);
}

/** Line 1 is the process id and line 5 the socket's folder: src/include/utils/pidfile.h of PostgreSQL. */
async function readPidFile(data: string): Promise<{ pid: number; socketFolder?: string } | undefined> {
  const content = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
  const [pid = "", , , , socketFolder = ""] = content.split("\n");
  if (!/^\d+$/.test(pid.trim())) return undefined;
  return socketFolder === "" ? { pid: Number(pid) } : { pid: Number(pid), socketFolder };
}

async function isPostmasterOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  // pg_ctl asks through a named pipe that only a postgres of that id has opened.
  if (process.platform === "win32") return true;
  const folder = await realpath(data);
  if (process.platform === "linux") {
    // A postmaster's working directory is its data folder, wherever that has been moved meanwhile.
    return (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === folder;
  }
  const { output } = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)], {});
  return output.includes("postgres") && (output.includes(data) || output.includes(folder));
}

async function stop(pid: number, data: string, binaries: Binaries): Promise<void> {
  if (process.platform === "win32") {
    const args = ["stop", "-D", data, "-m", "fast", "-t", String(FAST_SHUTDOWN_MS / 1000)];
    await run(binaries.pgCtl, args, { env: postgresEnvironment() });
  } else {
    signal(pid, "SIGINT");
    if (await isGone(pid, data, FAST_SHUTDOWN_MS)) return;
    signal(pid, "SIGQUIT");
  }
  if (await isGone(pid, data, IMMEDIATE_SHUTDOWN_MS)) return;
  throw new PostgresError(
    "postgres_orphan_running",
    `PostgreSQL ${pid}, left behind by a killed process, does not stop: end it with kill ${pid}, then start again.`,
  );
}

/** Asks for more than the number: in a container without an init a dead orphan keeps it, never reaped. */
async function isGone(pid: number, data: string, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += POLL_MS) {
    if (!(await isPostmasterOf(pid, data))) return true;
    await delay(POLL_MS);
  }
  return false;
}

/**
 * PostgreSQL refuses to start while postmaster.pid names a living process of its user, whatever that process is:
 * usual in a container, where the numbers start again. With our own number there it sees its parent's and goes on
 * to its second test, the shared memory that surviving backends would still hold; so the file must stay.
 */
async function forgetRecycledPid(pid: number, data: string): Promise<void> {
  if (!isAlive(pid) || process.platform === "win32") return;
  const path = join(data, "postmaster.pid");
  const content = await readFile(path, "utf8");
  await writeFile(path, content.replace(/^\d+/, String(process.pid)));
}

/** Its watchdog may have stopped it since we looked. */
function signal(pid: number, name: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, name);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && Reflect.get(error, "code") === "EPERM";
  }
}
