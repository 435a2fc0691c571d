import { stat } from "node:fs/promises";
import { noteChange } from "../../../changes.ts";
import { exitCodes } from "../../../command.ts";
import type { CommandContext } from "../../../context.ts";
import { usageError } from "../../../errors.ts";
import { flagOf } from "../../../parameters.ts";
import { forEachAtMost } from "../at-most.ts";
import { encodeFieldsOf, isOfOneFilm, type EncodeChoice } from "../encode-options.ts";
import type { CheckedFile } from "../preflight-file.ts";
import { showChecked } from "../preflight-view.ts";
import { tryTitle } from "../try-title.ts";
import type { TitleChoice } from "../wanted-title.ts";
import type { BulkEntry, EntryFacts } from "./bulk-entry.ts";
import { ingestMany, type ManySettings } from "./ingest-many.ts";
import { readFolder } from "./read-folder.ts";
import { readList } from "./read-list.ts";

/** Whether the argument is a list of titles or a folder of films, and not a film. */
export async function isBulk(input: string): Promise<boolean> {
  if (/\.ya?ml$/i.test(input)) return true;
  const found = await stat(input).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

interface CommandLine {
  choice: Omit<TitleChoice, "language"> & EncodeChoice;
  publish: boolean;
}

interface BulkOptions extends ManySettings {
  dryRun: boolean;
}

/** What the command line says holds for every film. */
export async function ingestBulk(
  input: string,
  { choice, publish }: CommandLine,
  { dryRun, ...settings }: BulkOptions,
  context: CommandContext,
): Promise<number> {
  await requireForAll(choice);
  const encode = await encodeFieldsOf(choice);
  const facts = { choice: { ...choice, language: encode.language }, encode, publish: publish || undefined };
  const entries = await readBulk(input, facts, context);
  return dryRun ? tryMany(entries, settings, context) : ingestMany(entries, settings, context);
}

/** A name, or a film's subtitles, would be every film's. */
async function requireForAll(choice: CommandLine["choice"]): Promise<void> {
  const { title, titleId, season, episode, year, synopsis } = choice;
  const own: [string, unknown][] = Object.entries({ title, titleId, season, episode, year, synopsis });
  for (const [name, part] of Object.entries(choice)) {
    if (typeof part !== "function" || !isOfOneFilm(name)) continue;
    const fields = await part((path) => path);
    own.push([name, Object.keys(fields)[0]]);
  }
  const [given] = own.find(([, value]) => value !== undefined) ?? [];
  if (given === undefined) return;
  throw usageError(
    `${flagOf(given)} is of one film`,
    "Say it with the film in a list of titles (YAML), or ingest the film alone.",
  );
}

async function readBulk(
  input: string,
  commandLine: EntryFacts,
  { output }: CommandContext,
): Promise<BulkEntry[]> {
  if (/\.ya?ml$/i.test(input)) return readList(input, commandLine);
  const { entries, leftOver } = await readFolder(input, commandLine);
  for (const path of leftOver)
    output.note(
      `warning: ${path} is of no film here: name it as its film, with its language, such as Film.fr.srt`,
    );
  return entries;
}

const triesAtOnce = 4;

async function tryMany(
  entries: readonly BulkEntry[],
  { workDir }: ManySettings,
  { connect, output, signal }: CommandContext,
): Promise<number> {
  const { findPrograms } = await import("@flix/encoder");
  const programs = await findPrograms();
  const flix = await connect();
  const checked: CheckedFile[] = [];
  await forEachAtMost(triesAtOnce, entries.entries(), async ([index, entry]) => {
    checked[index] = await tryTitle(entry, { workDir, programs, signal, flix });
  });
  showChecked(checked, output);
  const bad = checked.filter(({ found }) => !found.ok).length;
  noteChange(output, true, `${entries.length - bad} of ${entries.length} films can be ingested.`);
  return bad > 0 ? exitCodes.failed : exitCodes.ok;
}
