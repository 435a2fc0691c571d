import { readFileSync } from "node:fs";

/** Clock ticks a second, which Linux shows to programs as 100 on every architecture. */
const ticksPerSecond = 100;

/**
 * CPU seconds (user and system) of all children that have ended so far: proc_pid_stat(5) fields cutime and cstime. Wall
 * time says little on a busy machine.
 */
export function childCpuSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The program's name stands in parentheses and may hold blanks; fields are counted after it, from state (3).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}

/** CPU seconds of the children that end while `work` runs. */
export async function childCpuOf(work: () => unknown): Promise<number> {
  const before = childCpuSeconds();
  await work();
  return childCpuSeconds() - before;
}
