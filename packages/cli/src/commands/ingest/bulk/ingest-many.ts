import { stat } from "node:fs/promises";
import { exitCodes } from "../../../command.ts";
import type { CommandContext } from "../../../context.ts";
import { explain } from "../../../report-error.ts";
import { forEachAtMost } from "../at-most.ts";
import { showBulk } from "./bulk-display.ts";
import type { BulkDisplay, Film } from "./film-display.ts";
import type { BulkEntry } from "./bulk-entry.ts";
import { countsText, reportJson, reportText, writeReport } from "./bulk-report.ts";
import { type BulkSession, ingestEntry, ingestLowRungs, openBulkSession } from "./bulk-session.ts";
import type { Outcome } from "./outcome.ts";
import { type BulkEnd, runBulk } from "./run-bulk.ts";

export interface ManySettings {
  workDir: string;
  force: boolean;
  /** Films at once. */
  concurrency: number | undefined;
  /** A first pass over all films makes what is watchable soonest. */
  lowFirst: boolean;
  /** A file for the report. */
  report: string | undefined;
}

/** Exit code 1 where a film failed. The same command again goes on: what is done is left as it is. */
export async function ingestMany(
  entries: readonly BulkEntry[],
  settings: ManySettings,
  context: CommandContext,
): Promise<number> {
  const { output, host } = context;
  const session = await openBulkSession(settings, context);
  const films = await filmsOf(entries);
  const passes = settings.lowFirst ? [ingestLowRungs, ingestEntry] : [ingestEntry];
  let end: BulkEnd = { outcomes: [] };
  for (const [index, pass] of passes.entries()) {
    const display = showBulk(host, films, output.json);
    const isLast = index === passes.length - 1;
    if (passes.length > 1)
      display.note(isLast ? "Now the full packages" : "First the low rungs of every film");
    end = await runPass(entries, pass, { session, settings, display, context }).finally(() => display.stop());
    if (!isLast) end.outcomes = end.outcomes.map(withoutLowRungs);
    if (end.stopped !== undefined || context.signal.aborted) break;
  }
  return conclude(end, settings, context);
}

/** A film with low rungs alone is not done. */
function withoutLowRungs(outcome: Outcome): Outcome {
  return outcome.state === "failed" ? outcome : { state: "left", entry: outcome.entry };
}

interface PassContext {
  session: BulkSession;
  settings: ManySettings;
  display: BulkDisplay;
  context: CommandContext;
}

function runPass(
  entries: readonly BulkEntry[],
  pass: typeof ingestEntry | typeof ingestLowRungs,
  { session, settings, display, context: { signal } }: PassContext,
): Promise<BulkEnd> {
  const { workDir, force } = settings;
  return runBulk(entries, {
    concurrency: settings.concurrency ?? session.concurrency,
    display,
    signal,
    explain,
    endsAll,
    ingest: (entry, onProgress) => pass(entry, { ...session, workDir, force, signal, onProgress }),
  });
}

/** Of this machine, of the platform as a whole, or of who is signed in: no other film would do better. */
const generalCodes = [
  "program_not_found",
  "program_not_usable",
  "capability_missing",
  "work_not_writable",
  "network_error",
  "broker_not_valid",
  "broker_unreachable",
];

function endsAll(error: unknown): boolean {
  const { code, exitCode } = explain(error);
  return exitCode === exitCodes.notSignedIn || generalCodes.includes(code);
}

async function conclude(
  { outcomes, stopped }: BulkEnd,
  { report }: ManySettings,
  { output, signal }: CommandContext,
): Promise<number> {
  output.data(reportJson(outcomes), (paper) => reportText(outcomes, paper));
  if (report !== undefined) await writeReport(report, outcomes);
  output.note(`${countsText(outcomes)}.`);
  if (outcomes.some(isNotDone)) output.note("The same command again goes on with what is not done.");
  if (stopped !== undefined) throw stopped;
  if (signal.aborted) return exitCodes.interrupted;
  return outcomes.some(isNotDone) ? exitCodes.failed : exitCodes.ok;
}

function isNotDone({ state }: Outcome): boolean {
  return state === "failed" || state === "left";
}

const statsAtOnce = 64;

/** A master that is fetched counts as one of middling size. */
const unknownBytes = 1e9;

async function filmsOf(entries: readonly BulkEntry[]): Promise<Film[]> {
  const films: Film[] = entries.map(({ name, file }) => ({ name, file, sizeBytes: unknownBytes }));
  await forEachAtMost(statsAtOnce, films, async (film) => {
    const found = await stat(film.file).catch(() => undefined);
    if (found) film.sizeBytes = Math.max(1, found.size);
  });
  return films;
}
