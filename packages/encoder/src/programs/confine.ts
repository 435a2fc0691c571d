import { spawnSync } from "node:child_process";
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
 * Puts a program that reads foreign bytes under limits where the system has the tools (util-linux): a memory limit, no network, and death with its
 * parent, so that not even kill -9 of the ingest leaves an encode running. Elsewhere it runs as it is.
 */
export function confine({ program, args }: Command, { memoryBytes }: Confinement): Command {
  const [prlimit, setpriv] = [find("prlimit"), find("setpriv")];
  const words = [
    ...withoutNetwork(),
    // Behind the network's end: a change of rights would take the promise to die back.
    ...(setpriv ? [setpriv, "--pdeathsig", "KILL"] : []),
    ...(prlimit ? [prlimit, `--data=${memoryBytes}`, "--core=0"] : []),
    program,
    ...args,
  ];
  const [first = program, ...rest] = words;
  return { program: first, args: rest };
}

let unshare: readonly string[] | undefined;

/** A network of the process's own, with nothing in it: as root, or as root of a user namespace of its own where the system allows one. */
function withoutNetwork(): readonly string[] {
  unshare ??= findUnshare();
  return unshare;
}

function findUnshare(): readonly string[] {
  const path = find("unshare");
  if (path === undefined) return [];
  const ways = [["--net"], ["--net", "--map-current-user"]].map((options) => [path, ...options]);
  const works = ([first = path, ...rest]: readonly string[]) =>
    spawnSync(first, [...rest, "true"]).status === 0;
  return ways.find(works) ?? [];
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
