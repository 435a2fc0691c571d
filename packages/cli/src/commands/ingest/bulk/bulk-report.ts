import { rename, writeFile } from "node:fs/promises";
import { shownMaster } from "../master-address.ts";
import { CliError, systemCodeOf } from "../../../errors.ts";
import { printable } from "../../../printable.ts";
import { renderTable, type Column, type Paper } from "../../../table.ts";
import { durationText, sizeText } from "../../../wording.ts";
import type { IngestResult } from "../result.ts";
import { type Outcome, stateText } from "./outcome.ts";

const columns: readonly Column<Outcome>[] = [
  { header: "TITLE", value: ({ entry }) => entry.name, flexible: true },
  { header: "RESULT", value: resultOf },
  { header: "SIZE", value: (outcome) => sizeOf(outcome), align: "right" },
  { header: "TOOK", value: (outcome) => tookOf(outcome), align: "right" },
  { header: "ID", value: (outcome) => resultIn(outcome)?.title.id },
];

/** What became of every film, and below it what to do about those that failed. */
export function reportText(outcomes: readonly Outcome[], paper: Paper): string {
  const failures = outcomes.flatMap((outcome) => {
    if (outcome.state !== "failed") return [];
    const { entry, failure } = outcome;
    const at = entry.place === entry.name ? entry.name : `${entry.name} (${entry.place})`;
    const fix = failure.fix === "" ? [] : [`next:  ${printable(failure.fix)}`];
    return [`${printable(at)}: ${printable(failure.message)} [${failure.code}]`, ...fix].join("\n");
  });
  return [renderTable(columns, outcomes, paper), ...warningsText(outcomes), ...failures].join("\n\n");
}

/** Each kind once, with how many films it is of: a catalogue's films have the same faults. */
function warningsText(outcomes: readonly Outcome[]): string[] {
  const all = outcomes.flatMap((outcome) =>
    (resultIn(outcome)?.warnings ?? []).map((warning) => ({ name: outcome.entry.name, ...warning })),
  );
  const kinds = [...Map.groupBy(all, ({ code }) => code)].map(([code, [first, ...more]]) => {
    const others = more.length > 0 ? ` and ${more.length} more` : "";
    return printable(`warning: ${first?.name ?? ""}${others}: ${first?.message ?? ""} [${code}]`);
  });
  return kinds.length > 0 ? [kinds.join("\n")] : [];
}

export function reportJson(outcomes: readonly Outcome[]): unknown[] {
  return outcomes.map((outcome) => {
    const { name, file, place } = outcome.entry;
    const facts = { file: shownMaster(file), name, place, state: stateText(outcome.state).replace(" ", "_") };
    if (outcome.state === "failed") return { ...facts, failure: outcome.failure };
    return { ...facts, ...resultIn(outcome) };
  });
}

/** `3 ingested, 1 unchanged, 1 failed`. */
export function countsText(outcomes: readonly Outcome[]): string {
  const states = ["ingested", "unchanged", "failed", "left"] as const;
  const counts = states.map(
    (state) => [state, outcomes.filter((one) => one.state === state).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${stateText(state)}`)
    .join(", ");
}

/** Whole or not at all. */
export async function writeReport(path: string, outcomes: readonly Outcome[]): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, `${JSON.stringify(reportJson(outcomes), null, 2)}\n`);
    await rename(partial, path);
  } catch (cause) {
    throw new CliError("report_not_written", {
      message: `The report cannot be written to ${path} (${systemCodeOf(cause) ?? "unknown reason"})`,
      fix: "The films themselves are as the table says; give another path next time.",
      cause,
    });
  }
}

function resultIn(outcome: Outcome): IngestResult | undefined {
  return outcome.state === "ingested" || outcome.state === "unchanged" ? outcome.result : undefined;
}

function resultOf(outcome: Outcome): string {
  if (outcome.state === "failed") return outcome.failure.code;
  return stateText(outcome.state);
}

function sizeOf(outcome: Outcome): string | undefined {
  const bytes = resultIn(outcome)?.size_bytes;
  return bytes === undefined ? undefined : sizeText(bytes);
}

function tookOf(outcome: Outcome): string | undefined {
  return outcome.state === "ingested" ? durationText(outcome.result.took_seconds) : undefined;
}
