import { readFileSync } from "node:fs";

/** The unit of /proc/<pid>/stat; Linux shows 100 to programs whatever the kernel ticks at. */
const ticksPerSecond = 100;

/** CPU seconds of this process and of the children that ended, null where the system does not tell (it is Linux that does). */
export function cpuSeconds(): number | null {
  if (process.platform !== "linux") return null;
  try {
    const { user, system } = process.cpuUsage();
    // Fields 16 and 17, cutime and cstime; the name in field 2 may hold spaces, so count from its bracket.
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const children = (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
    return Number.isFinite(children) ? (user + system) / 1e6 + children : null;
  } catch {
    return null;
  }
}
