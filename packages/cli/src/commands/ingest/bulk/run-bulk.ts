import type { EncodeOptions } from "@flix/encoder";
import { forEachAtMost } from "../at-most.ts";
import type { IngestResult } from "../result.ts";
import type { BulkDisplay } from "./film-display.ts";
import type { BulkEntry } from "./bulk-entry.ts";
import type { Failure, Outcome } from "./outcome.ts";

interface BulkRun {
  concurrency: number;
  display: BulkDisplay;
  signal: AbortSignal;
  /** Undefined where there was nothing to do. */
  ingest(entry: BulkEntry, onProgress: EncodeOptions["onProgress"]): Promise<IngestResult | undefined>;
  explain(error: unknown): Failure;
  /** What no other film could do better with. */
  endsAll(error: unknown): boolean;
}

export interface BulkEnd {
  outcomes: Outcome[];
  /** What ended the run before all films had their turn. */
  stopped?: unknown;
}

/** Every film in order, so many at once; one that fails stops none of the others. */
export async function runBulk(entries: readonly BulkEntry[], run: BulkRun): Promise<BulkEnd> {
  const end: BulkEnd = { outcomes: entries.map((entry) => ({ state: "left", entry })) };
  await runSome([...entries.entries()], run.concurrency, run, end);
  // Two titles of one master with the same settings: the second could not begin beside the first.
  const inUse = [...entries.entries()].filter(([index]) => isInUse(end.outcomes[index]));
  await runSome(inUse, 1, run, end);
  return end;
}

async function runSome(
  entries: readonly [index: number, entry: BulkEntry][],
  concurrency: number,
  run: BulkRun,
  end: BulkEnd,
): Promise<void> {
  const { display, signal } = run;
  await forEachAtMost(concurrency, entries, async ([index, entry]) => {
    if (signal.aborted || end.stopped !== undefined) return;
    display.update(index, { state: "running", fraction: 0 });
    const outcome = await tryEntry(entry, index, run).catch((error: unknown) => {
      end.stopped ??= error;
      return { state: "left", entry } as const;
    });
    end.outcomes[index] = outcome;
    const note = outcome.state === "failed" ? outcome.failure.code : undefined;
    display.update(index, { state: outcome.state, fraction: 1, note });
  });
}

function isInUse(outcome: Outcome | undefined): boolean {
  return outcome?.state === "failed" && outcome.failure.code === "work_in_use";
}

/** Throws only what ends all. */
async function tryEntry(entry: BulkEntry, index: number, run: BulkRun): Promise<Outcome> {
  const { display, signal } = run;
  try {
    const result = await run.ingest(entry, ({ stage, fraction, speed, etaSeconds }) =>
      display.update(index, { state: "running", stage, fraction, speed, etaSeconds }),
    );
    if (!result || result.unchanged) return { state: "unchanged", entry, result };
    return { state: "ingested", entry, result };
  } catch (error) {
    if (signal.aborted) return { state: "left", entry };
    if (run.endsAll(error)) throw error;
    return { state: "failed", entry, failure: run.explain(error) };
  }
}
