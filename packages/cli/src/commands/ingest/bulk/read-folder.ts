import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { CliError, systemCodeOf } from "../../../errors.ts";
import { encodeOptions, joinParts } from "../encode-options.ts";
import { type BulkEntry, type EntryFacts, mergeFacts } from "./bulk-entry.ts";
import { composeEntry, identityOf } from "./compose-entry.ts";
import { factsOfName } from "./film-name.ts";
import { findSidecars, isFilm, type Sidecars } from "./sidecars.ts";

export interface FolderContents {
  entries: BulkEntry[];
  /** Sidecars of no film. */
  leftOver: string[];
}

/** Every film of a folder and of those in it, with its sidecars. Throws `folder_not_readable`, `no_films`, `same_title_twice`. */
export async function readFolder(folder: string, commandLine: Partial<EntryFacts>): Promise<FolderContents> {
  const files = await filesUnder(folder);
  const films = files.filter(isFilm);
  if (films.length === 0) {
    throw new CliError("no_films", {
      message: `There is no film in ${folder}`,
      fix: "Name a folder with video files, such as MP4, MOV or MKV.",
    });
  }
  const sidecars = findSidecars(films, files);
  const entries: BulkEntry[] = [];
  for (const film of films) {
    const encode = await encodeOf(sidecars.of.get(film));
    const facts = mergeFacts({ choice: factsOfName(film), encode }, commandLine);
    entries.push(composeEntry(film, relative(folder, film), facts));
  }
  requireDistinct(entries);
  return { entries, leftOver: sidecars.leftOver };
}

function encodeOf({ subtitle, audio }: Sidecars = { subtitle: [], audio: [] }) {
  const parts = [encodeOptions.subtitle.read(subtitle, "subtitle"), encodeOptions.audio.read(audio, "audio")];
  return joinParts(parts, (path) => path);
}

/** In order of their paths, as `ls` shows them; nothing that begins with a dot. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new CliError("folder_not_readable", {
      message: `The folder ${folder} cannot be read (${systemCodeOf(cause) ?? "unknown reason"})`,
      fix: "Check its permissions and those of the folders in it.",
      cause,
    });
  });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !/(^|[/\\])\./.test(relative(folder, path)))
    .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** Two files that would become one title: which of them is meant is not ours to guess. */
function requireDistinct(entries: readonly BulkEntry[]): void {
  const seen = new Map<string, BulkEntry>();
  const errors: { pointer: string; message: string }[] = [];
  for (const entry of entries) {
    const first = seen.get(identityOf(entry));
    if (first) errors.push({ pointer: entry.place, message: `is ${entry.name}, as ${first.place} is` });
    else seen.set(identityOf(entry), entry);
  }
  if (errors.length === 0) return;
  throw new CliError("same_title_twice", {
    message: "Several files are of one title by their names; nothing was ingested",
    fix: "Rename or move what is not to be ingested, or say what is what in a list of titles.",
    errors,
  });
}
