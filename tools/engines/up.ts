import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, startDaemon, stopDaemon, type Daemon } from "./daemon.ts";
import { EngineMissing, type Engine, type EngineProgram } from "./engine.ts";
import {
  emptyFolder,
  findRunning,
  locked,
  logOf,
  namesStarted,
  programCache,
  readStarted,
  remember,
  removeFolder,
  type RunningEngine,
} from "./run-folder.ts";

export type Status =
  | { name: string; state: "running"; version: string; url: string; pid: number }
  | { name: string; state: "stopped" }
  | { name: string; state: "installed"; version: string; path: string }
  | { name: string; state: "missing" | "failed"; reason: string };

const startLimitMs = 60_000;

/** Starts what does not run, and installs what is only a program; what runs and answers is left as it is. */
export function up(engines: readonly Engine[], programs: readonly EngineProgram[]): Promise<Status[]> {
  return locked(() =>
    Promise.all([
      ...engines.map((engine) =>
        orWhyNot(engine.name, async () =>
          running(engine, (await findAnswering(engine)) ?? (await start(engine))),
        ),
      ),
      ...programs.map(({ name, provide }) =>
        orWhyNot(name, async () => ({ name, state: "installed", ...(await provide()) })),
      ),
    ]),
  );
}

async function orWhyNot(name: string, work: () => Promise<Status>): Promise<Status> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, state: error instanceof EngineMissing ? "missing" : "failed", reason };
  }
}

/** Stops every engine and removes its data; built programs stay. */
export function down(): Promise<void> {
  return locked(async () => {
    await Promise.all((await namesStarted()).map(stop));
  });
}

export function statusOf(engines: readonly Engine[]): Promise<Status[]> {
  return Promise.all(
    engines.map(async (engine) => {
      const found = await findAnswering(engine);
      return found === undefined ? { name: engine.name, state: "stopped" } : running(engine, found);
    }),
  );
}

function running({ name }: Engine, { version, url, pid }: RunningEngine): Status {
  return { name, state: "running", version, url, pid };
}

async function findAnswering(engine: Engine): Promise<RunningEngine | undefined> {
  const found = findRunning(engine.name);
  if (found === undefined) return undefined;
  return engine.ping(found.url).then(
    () => found,
    () => undefined,
  );
}

async function start(engine: Engine): Promise<RunningEngine> {
  const program = await engine.provide(programCache);
  await stop(engine.name);
  const folder = await emptyFolder(engine.name);
  const { command, environment, url } = await engine.prepare(folder, program);
  const daemon = await startDaemon(command, { environment, folder, log: logOf(engine.name) });
  const started = { ...daemon, version: program.version, url };
  await remember(engine.name, started);
  await untilItAnswers(engine, daemon, url);
  return started;
}

async function stop(name: string): Promise<void> {
  const started = readStarted(name);
  if (started !== undefined) await stopDaemon(started);
  await removeFolder(name);
}

async function untilItAnswers(engine: Engine, daemon: Daemon, url: string): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  while (true) {
    try {
      return await engine.ping(url);
    } catch (error) {
      if (isAlive(daemon) && Date.now() < deadline) {
        await delay(100);
        continue;
      }
      const log = (await readFile(logOf(engine.name), "utf8")).trim().split("\n").slice(-20).join("\n");
      await stop(engine.name);
      throw new Error(`${engine.name} did not start at ${url}. Its log ends:\n${log}`, { cause: error });
    }
  }
}
