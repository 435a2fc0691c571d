import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a program of Abseil's flags is given some that the list of processes does not show. */
export interface HiddenFlags {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** To be called once the program has ended. */
  forget(): Promise<void>;
}

export const openFlags: HiddenFlags = { args: [], env: {}, forget: async () => {} };

/**
 * On Linux in a file without a name, which the program reads through this process's table of open files and which goes with this
 * process, whatever ends it: it is unlinked before anything is written to it, and lies in memory where the system has a folder for that. (A
 * pipe would do, but Node's are sockets, which cannot be opened as /dev/stdin.) Elsewhere in the environment, which only its owner reads.
 */
export async function hideFlags(
  flags: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Promise<HiddenFlags> {
  if (platform !== "linux") return inEnvironment(flags);
  const file = await openNameless();
  await file.write(`${flags.join("\n")}\n`, 0);
  const path = `/proc/${process.pid}/fd/${file.fd}`;
  return { args: [`--flagfile=${path}`], env: {}, forget: () => file.close() };
}

async function openNameless(): Promise<FileHandle> {
  const name = `flix-${randomUUID()}`;
  const inMemory = join("/dev/shm", name);
  try {
    return await openAndUnlink(inMemory);
  } catch {
    return openAndUnlink(join(tmpdir(), name));
  }
}

async function openAndUnlink(path: string): Promise<FileHandle> {
  const file = await open(path, "wx+", 0o600);
  await rm(path);
  return file;
}

function inEnvironment(flags: readonly string[]): HiddenFlags {
  const pairs = flags.map((flag) => flag.replace(/^--/, "").split(/=(.*)/s));
  const env = Object.fromEntries(pairs.map(([name = "", value = ""]) => [`FLAGS_${name}`, value]));
  const names = pairs.map(([name]) => name).join(",");
  return { ...openFlags, args: [`--fromenv=${names}`], env };
}
