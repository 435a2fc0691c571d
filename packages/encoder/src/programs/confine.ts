import { realpathSync } from "node:fs";
import { totalmem } from "node:os";

export interface Command {
  program: string;
  args: string[];
}

export interface Confinement {
  /** Private writable memory (RLIMIT_DATA): a 572 KB picture was seen to take 692 MB. */
  memoryBytes: number;
}

const folders = ["/usr/bin", "/bin"];

/** What a probe may take: enough for the index of a day-long film. */
export const probeConfinement: Confinement = { memoryBytes: 2 * 1024 ** 3 };

/** What an encode may take: the machine, so that it fails before the machine does. */
export function encodeConfinement(): Confinement {
  return { memoryBytes: Math.max(8 * 1024 ** 3, totalmem()) };
}

/**
 * Puts a program that reads foreign bytes under limits where the system has the tools (util-linux): a memory limit, and
 * death with its parent, so that not even kill -9 of the ingest leaves an encode running. Elsewhere it runs as it is.
 */
export function confine({ program, args }: Command, { memoryBytes }: Confinement): Command {
  let command: Command = { program, args };
  const prlimit = find("prlimit");
  if (prlimit) {
    command = {
      program: prlimit,
      args: [`--data=${memoryBytes}`, "--core=0", command.program, ...command.args],
    };
  }
  const setpriv = find("setpriv");
  if (setpriv) {
    command = { program: setpriv, args: ["--pdeathsig", "KILL", command.program, ...command.args] };
  }
  return command;
}

function find(name: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  return folders.map((folder) => `${folder}/${name}`).find(isUtilLinux);
}

/** BusyBox answers to the same names and does not know the same options. */
function isUtilLinux(path: string): boolean {
  try {
    return !realpathSync(path).endsWith("busybox");
  } catch {
    return false;
  }
}
