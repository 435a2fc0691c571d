import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

const watchedMs = 250;
/** proc_stat(5): USER_HZ, which is 100 wherever Node runs. */
const ticksPerSecond = 100;
/** More than this of all cores is all of them: only the run queue tells how many more want one. */
const full = 0.9;

/**
 * How many other programs want a core: at this moment, or on average of the last minute where that is less, since a moment may be a peak and
 * the minute may have had work of our own. 0 where the system counts those of a machine that is larger than what this process may use.
 */
export async function otherLoad(): Promise<number> {
  const lastMinute = loadavg()[0] ?? 0;
  if (cpus().length > availableParallelism()) return 0;
  if (process.platform !== "linux") return lastMinute;
  const [busyBefore, ownBefore, startedMs] = [busySeconds(), process.cpuUsage(), performance.now()];
  await delay(watchedMs);
  const { user, system } = process.cpuUsage(ownBefore);
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  // Of ourselves several threads may run, which the run queue does not tell from others.
  const others = Math.max(0, busySeconds() - busyBefore - (user + system) / 1e6) / elapsedSeconds;
  const wanting = others < cpus().length * full ? others : Math.max(others, readRunning());
  return Math.min(wanting, lastMinute);
}

/** Of all cores together: everything but idling and waiting for a disk. */
function busySeconds(): number {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softIrq + steal) / ticksPerSecond;
}

/** The fourth field of /proc/loadavg, `3/512`, which counts this process too. */
function readRunning(): number {
  const running = /(\d+)\/\d+/.exec(readFileSync("/proc/loadavg", "utf8"))?.[1] ?? "1";
  return Math.max(0, Number(running) - 1);
}
