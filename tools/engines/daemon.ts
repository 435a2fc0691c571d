import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** A process group of its own session: it outlives who started it. */
export interface Daemon {
  pid: number;
  /** When the kernel started it (proc_pid_stat(5), field 22): another process of the same id has another. */
  startTicks: string | undefined;
}

export async function startDaemon(
  [program = "", ...words]: string[],
  { environment, folder, log }: { environment: Record<string, string>; folder: string; log: string },
): Promise<Daemon> {
  const output = await open(log, "a");
  try {
    const child = spawn(program, words, {
      cwd: folder,
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      env: { PATH: process.env["PATH"], LANG: "C.UTF-8", ...environment },
    });
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    const pid = child.pid ?? Number.NaN;
    return { pid, startTicks: readStatus(pid)?.startTicks };
  } finally {
    await output.close();
  }
}

export function isAlive({ pid, startTicks }: Daemon): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (startTicks === undefined) return true;
  const status = readStatus(pid);
  // One that ended is there (Z) until its parent asks; in a container, where nobody does, for ever.
  return status?.startTicks === startTicks && status.state !== "Z";
}

/** Ends the whole group: with a request first, so that what it shares with the system is given back. */
export async function stopDaemon(daemon: Daemon, patienceMs = 5_000): Promise<void> {
  if (isAnother(daemon)) return;
  signalGroup(daemon, "SIGTERM");
  for (const deadline = Date.now() + patienceMs; isAlive(daemon) && Date.now() < deadline;) await delay(50);
  signalGroup(daemon, "SIGKILL");
  while (isAlive(daemon)) await delay(20);
}

/** A group keeps its number as long as it has a member; one whose number another process has is gone. */
function isAnother({ pid, startTicks }: Daemon): boolean {
  const status = readStatus(pid);
  return status !== undefined && status.startTicks !== startTicks;
}

function signalGroup({ pid }: Daemon, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Undefined where there is no /proc. */
function readStatus(pid: number): { state: string | undefined; startTicks: string | undefined } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name in parentheses, may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], startTicks: fields[19] };
  } catch {
    return undefined;
  }
}
