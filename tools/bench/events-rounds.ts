import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Figure, median, spread } from "./bench.ts";
import { processCpuSeconds } from "./cpu.ts";
import { eventsTogether, makeBatches, timed } from "./events-batches.ts";
import type { LibraryWork, Run } from "./events-by-libraries.ts";
import type { StageServer } from "./events-stage.ts";

const rounds = Number(process.env["FLIX_ROUNDS"] ?? 5);
/** Of a round. */
export const batches = 400;
/** Clients of the server, and connections or sends of a library. */
export const together = 8;
export const roundEvents = batches * eventsTogether;
/** The first round of each only warms up. */
export const sentEvents = (rounds + 1) * roundEvents;

/** Rounds of each in turn. */
export async function interleave<Name extends string>(
  each: Record<Name, () => Promise<Run>>,
): Promise<(name: Name) => Run[]> {
  const runs = new Map<string, Run[]>();
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, work] of Object.entries<() => Promise<Run>>(each)) {
      const run = await work();
      if (round >= 0) runs.set(name, [...(runs.get(name) ?? []), run]);
    }
  }
  return (name) => runs.get(name) ?? [];
}

export async function runByServer(
  { process: { pid = 0 }, send }: StageServer,
  sessionId: string,
): Promise<Run> {
  const bodies = makeBatches(sessionId, batches).map((batch) => Buffer.from(`{"events":${batch}}`));
  const before = processCpuSeconds(pid);
  const seconds = await timed(bodies, together, send);
  return { seconds, cpuSeconds: processCpuSeconds(pid) - before };
}

export async function runByLibrary(work: LibraryWork): Promise<Run> {
  const child = fork(join(import.meta.dirname, "events-by-libraries.ts"));
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`An anchor ended with exit code ${code}`);
  });
  child.send(work);
  const [run] = await Promise.race([once(child, "message"), ended]);
  return run;
}

/** A round of the one beside the same round of the other: more is faster, or cheaper. */
export function compare(
  label: string,
  { own, raw, of, goal }: { own: Run[]; raw: Run[]; of: "seconds" | "cpuSeconds"; goal?: number },
): Figure {
  const ratios = own.map((run, at) => (raw[at]?.[of] ?? NaN) / run[of]);
  const value = median(ratios);
  return {
    label,
    value: value.toFixed(2),
    goal: goal === undefined ? "none" : `>= ${goal}`,
    met: goal === undefined || value >= goal,
    anchor: spread(ratios),
  };
}

export function tell(runs: Run[]): string {
  const rate = (read: (run: Run) => number) => median(runs.map((run) => roundEvents / read(run))).toFixed(0);
  const told = [
    `${rate(({ seconds }) => seconds)} events/s`,
    `${rate(({ cpuSeconds }) => cpuSeconds)} a second of its CPU`,
  ];
  if (runs.some(({ databaseCpuSeconds }) => databaseCpuSeconds !== undefined))
    told.push(`${rate(({ databaseCpuSeconds = NaN }) => databaseCpuSeconds)} a second of the database's`);
  return told.join(", ");
}
