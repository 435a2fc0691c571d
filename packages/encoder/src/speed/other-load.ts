import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

const samples = 5;
const betweenMs = 40;

/**
 * How many other programs want a core: at this moment, or on average of the last minute where that is less, since a moment may be a peak and
 * the minute may have had work of our own. 0 where the system counts those of a machine that is larger than what this process may use.
 */
export async function otherLoad(): Promise<number> {
  if (cpus().length > availableParallelism()) return 0;
  if (process.platform !== "linux") return loadavg()[0] ?? 0;
  let running = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    if (sample > 0) await delay(betweenMs);
    running += readRunning();
  }
  return Math.min(running / samples, loadavg()[0] ?? 0);
}

/** The fourth field of /proc/loadavg, `3/512`, which counts this process too. */
function readRunning(): number {
  const running = /(\d+)\/\d+/.exec(readFileSync("/proc/loadavg", "utf8"))?.[1] ?? "1";
  return Math.max(0, Number(running) - 1);
}
