import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second, which Linux shows to programs as 100 on every architecture. */
const ticksPerSecond = 100;

/**
 * CPU seconds (user and system) of all children that have ended so far: proc_pid_stat(5) fields cutime and cstime. Wall
 * time says little on a busy machine.
 */
export function childCpuSeconds(): number {
  const { cutime, cstime } = readStat("self");
  return cutime + cstime;
}

/** CPU seconds of one running process. */
export function processCpuSeconds(pid: number): number {
  const { utime, stime } = readStat(String(pid));
  return utime + stime;
}

/** The same to the nanosecond, for what takes less than a tick: what its threads have run so far (schedstat). None of one that has ended. */
export function exactCpuSeconds(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return 0;
  return readdirSync(tasks)
    .map((task) => Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ", 1)[0]) / 1e9)
    .reduce((sum, seconds) => sum + seconds, 0);
}

/** CPU seconds of the children that end while `work` runs. */
export async function childCpuOf(work: () => unknown): Promise<number> {
  const before = childCpuSeconds();
  await work();
  return childCpuSeconds() - before;
}

function readStat(process: string): Record<"utime" | "stime" | "cutime" | "cstime", number> {
  const stat = readFileSync(`/proc/${process}/stat`, "utf8");
  // The program's name stands in parentheses and may hold blanks; fields are counted after it, from state (3).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const seconds = (field: number) => Number(fields[field - 3]) / ticksPerSecond;
  return { utime: seconds(14), stime: seconds(15), cutime: seconds(16), cstime: seconds(17) };
}
