import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { FlixProgram } from "./flix-program.ts";

export interface DemoPlatform {
  url: string;
  stop(): Promise<void>;
}

export interface DemoPlatformOptions {
  port: number;
  folder: string;
  signal: AbortSignal;
}

const startLimitMs = 60_000;

/** Runs `flix up` beside this process, its log in a file, and waits until it is ready. */
export async function startPlatform(
  flix: FlixProgram,
  { port, folder, signal }: DemoPlatformOptions,
): Promise<DemoPlatform> {
  await mkdir(folder, { recursive: true });
  const logPath = join(folder, "server.log");
  const log = await open(logPath, "a");
  const server = flix.start(["up", "--port", String(port), "--data", join(folder, "data")], log.fd);
  await log.close();
  const ended = once(server, "exit");
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
  };
  const url = `http://localhost:${port}`;
  const deadlineMs = performance.now() + startLimitMs;
  while (!(await isReady(url))) {
    if (server.exitCode !== null) throw new Error(`flix up ended:\n${await readFile(logPath, "utf8")}`);
    if (signal.aborted || performance.now() > deadlineMs) {
      await stop();
      throw new Error(signal.aborted ? "stopped" : `flix up was not ready within ${startLimitMs / 1000} s`);
    }
    await delay(100);
  }
  return { url, stop };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}
