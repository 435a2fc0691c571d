import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isAlive, type Daemon } from "./daemon.ts";

/** Everything of the engines: programs, and of each engine its data, its log and who runs it. */
const root = join(import.meta.dirname, "../../.engines");

export const programCache = join(root, "programs");

export interface RunningEngine extends Daemon {
  version: string;
  url: string;
}

export function logOf(name: string): string {
  return join(root, "run", name, "output.log");
}

/** The engine, while its process lives. */
export function findRunning(name: string): RunningEngine | undefined {
  const started = readStarted(name);
  return started !== undefined && isAlive(started) ? started : undefined;
}

/** The engine as it was started, whether or not it still runs. */
export function readStarted(name: string): RunningEngine | undefined {
  try {
    return JSON.parse(readFileSync(join(root, "run", name, "state.json"), "utf8"));
  } catch {
    return undefined;
  }
}

export async function namesStarted(): Promise<string[]> {
  return readdir(join(root, "run")).catch(() => []);
}

export async function emptyFolder(name: string): Promise<string> {
  await removeFolder(name);
  const folder = join(root, "run", name);
  await mkdir(folder, { recursive: true });
  return folder;
}

export function removeFolder(name: string): Promise<void> {
  return rm(join(root, "run", name), { recursive: true, force: true });
}

export async function remember(name: string, engine: RunningEngine): Promise<void> {
  await writeFile(join(root, "run", name, "state.json"), `${JSON.stringify(engine)}\n`);
}

/** One process at a time changes what runs; the kernel gives the lock back however its holder ends. */
export async function locked<Result>(work: () => Promise<Result>): Promise<Result> {
  await mkdir(root, { recursive: true });
  const lock = new DatabaseSync(join(root, "lock"));
  try {
    lock.exec("PRAGMA busy_timeout = 600000; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return await work();
  } finally {
    lock.close();
  }
}
