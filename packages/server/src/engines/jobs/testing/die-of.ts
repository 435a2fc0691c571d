import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { JobProcessOptions } from "./job-process.ts";

/** Starts a process that dies of the job when it gets it; answers the signal that ended it. */
export async function dieOf(options: JobProcessOptions): Promise<string | null> {
  const program = join(import.meta.dirname, "job-process.ts");
  const words = ["--conditions=@flix/source", program, JSON.stringify(options)];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "inherit", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [, signal] = await once(child, "exit");
  return signal;
}
