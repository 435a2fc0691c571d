import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";

/** The program as it is installed: a build, run by Node. */
export const program = join(import.meta.dirname, "../dist/main.js");

export interface RunOptions {
  env?: Record<string, string | undefined>;
  input?: string;
  cwd?: string;
}

/** Runs `flix` with nothing of this machine's configuration; answers whatever its exit code is. */
export function flix(args: readonly string[], { env, input, cwd }: RunOptions = {}) {
  return execa(process.execPath, [program, ...args], {
    reject: false,
    stripFinalNewline: false,
    extendEnv: false,
    env: { PATH: process.env["PATH"], HOME: "/nowhere", NO_COLOR: "1", ...env },
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
    ...(cwd !== undefined && { cwd }),
  });
}

/** What a running `flix` writes, line by line; may be left before it ends. */
export function linesOf(stream: Readable): AsyncIterable<string> {
  return createInterface({ input: stream });
}

export interface Home {
  folder: string;
  env: { FLIX_CONFIG_DIR: string };
  configPath: string;
  remove(): Promise<void>;
}

export async function createHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), "flix-cli-"));
  return {
    folder,
    env: { FLIX_CONFIG_DIR: folder },
    configPath: join(folder, "config.json"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
