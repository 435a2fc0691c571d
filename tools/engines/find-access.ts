import type { Engine } from "./engine.ts";
import { findRunning } from "./run-folder.ts";

/** How to reach the engine, for a test or a benchmark: the one that the environment names for tests, else the one that runs here. */
export function findAccess<Access>(engine: Engine<Access>): Access | undefined {
  const named = engine.named(process.env);
  if (named !== undefined) return named;
  const running = findRunning(engine.name);
  return running === undefined ? undefined : engine.access(running.url);
}

/** Why tests that need the engine cannot run. */
export function whyMissing({ name }: Engine): string {
  return `needs ${name}, which is not running: pnpm engines up ${name}`;
}
