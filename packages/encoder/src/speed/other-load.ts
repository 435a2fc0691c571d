import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

const samples = 5;
const betweenMs = 40;

/** How many other programs want a core now; 0 where the system counts those of a machine that is larger than what this process may use. */
export async function otherLoad(): Promise<number> {
  if (cpus().length > availableParallelism()) return 0;
  if (process.platform !== "linux") return loadavg()[0] ?? 0;
  let running = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    if (sample > 0) await delay(betweenMs);
    running += readRunning();
  }
  return running / samples;
}

/** The fourth field of /proc/loadavg, `3/512`, counts this process too. The averages before it look back a minute, often on work of our own. */
function readRunning(): number {
  const running = /(\d+)\/\d+/.exec(readFileSync("/proc/loadavg", "utf8"))?.[1] ?? "1";
  return Math.max(0, Number(running) - 1);
}
