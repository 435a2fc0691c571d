import { readFileSync } from "node:fs";

/** proc_pid_status(5): what a process holds now and has held at most, in bytes. Null once it has ended. */
export function memoryOf(pid: number): { resident: number; highest: number } | null {
  const status = readOrNull(`/proc/${pid}/status`);
  const field = (name: string): number | null => {
    const kibibytes = status && new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
    return kibibytes ? Number(kibibytes) * 1024 : null;
  };
  const [resident, highest] = [field("VmRSS"), field("VmHWM")];
  // A zombie has neither.
  return resident === null || highest === null ? null : { resident, highest };
}

/** What it has started, and what that has, as far as it runs. */
export function descendantsOf(pid: number): number[] {
  const children = readOrNull(`/proc/${pid}/task/${pid}/children`)?.match(/\d+/g) ?? [];
  return children.flatMap((child) => [Number(child), ...descendantsOf(Number(child))]);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
