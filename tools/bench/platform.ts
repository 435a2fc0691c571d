import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

const run = promisify(execFile);
const program = join(import.meta.dirname, "../../packages/cli/dist/main.js");

/** A real `flix up` on its embedded defaults, with folders of its own. */
export interface BenchPlatform {
  /** Runs a command with `--json`; answers what it prints. */
  json(args: readonly string[], env?: Record<string, string>): Promise<unknown>;
  /** Starts a command that is watched, with `--json`: a line of its stderr is an event. */
  start(args: readonly string[], env?: Record<string, string>): FlixProcess;
  stop(): Promise<void>;
}

export type FlixProcess = ChildProcessByStdio<null, Readable, Readable>;

export async function startPlatform(folder: string): Promise<BenchPlatform> {
  // Neither an operator's broker nor their settings.
  const { AMQP_URL: _broker, FLIX_CHUNKS: _chunks, ...inherited } = process.env;
  const own = {
    ...inherited,
    FLIX_CONFIG_DIR: join(folder, "config"),
    FLIX_WORK_DIR: join(folder, "work"),
  };
  const start = (args: readonly string[], env: Record<string, string> = {}): FlixProcess =>
    spawn(process.execPath, [program, ...args, "--json"], {
      env: { ...own, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  const platform = start(["up", "--port", "0", "--data", join(folder, "data")]);
  await announced(platform);
  platform.stderr.resume();
  return {
    start,
    async json(args, env = {}) {
      const options = { env: { ...own, ...env }, maxBuffer: 1e8 };
      const { stdout } = await run(process.execPath, [program, ...args, "--json"], options);
      return JSON.parse(stdout);
    },
    stop: () => stopProcess(platform),
  };
}

/** `flix up --json` prints one object once it serves. */
async function announced(platform: FlixProcess): Promise<void> {
  for await (const line of createInterface({ input: platform.stdout })) if (line === "}") return;
  throw new Error(`flix up ended with exit code ${platform.exitCode}`);
}

/** As Ctrl-C does. */
export async function stopProcess(child: FlixProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGINT");
  await exited;
}
