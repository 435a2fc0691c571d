import { readFile, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { CliError, systemCodeOf } from "../../../errors.ts";
import { forEachAtMost } from "../at-most.ts";
import { type BulkEntry, type EntryFacts, mergeFacts } from "./bulk-entry.ts";
import { composeEntry, identityOf } from "./compose-entry.ts";
import { factsOfName } from "./film-name.ts";
import { isAddress, shownMaster } from "../master-address.ts";
import { listNotValid } from "./list-not-valid.ts";
import { type ListReading, readEntry, type ReadEntry } from "./read-entry.ts";
import { type ListDocument, Mistake, offsetOf, resolved } from "./yaml-words.ts";

const largestBytes = 32_000_000;
const filesAtOnce = 64;

/**
 * Reads a list of titles, whole, before anything is made. Throws `list_not_valid` with every mistake and its line. What the command line
 * says counts more than an entry, and an entry more than the list's defaults.
 */
export async function readList(path: string, commandLine: Partial<EntryFacts>): Promise<BulkEntry[]> {
  const source = await readText(path);
  const { LineCounter, parseDocument, isAlias, isMap, isScalar, isSeq } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const list: ListReading = {
    document,
    nodes: { isAlias, isMap, isScalar, isSeq },
    resolve: (file) => (isAddress(file) ? file : resolve(dirname(path), file)),
    mistakes: document.errors.map(({ message, pos }) => new Mistake(message, pos[0])),
    named: [],
  };
  const placeOf = (offset: number) => `${basename(path)}:${lines.linePos(offset).line}`;
  const entries = list.mistakes.length === 0 ? await readEntries(list, commandLine, placeOf) : [];
  await findFiles(list);
  if (list.mistakes.length > 0) throw listNotValid(path, list.mistakes, placeOf);
  return entries;
}

async function readEntries(
  list: ListReading,
  commandLine: Partial<EntryFacts>,
  placeOf: (offset: number) => string,
): Promise<BulkEntry[]> {
  const { isMap } = list.nodes;
  const { items, defaults } = partsOf(list);
  const common = defaults ? (await readEntry(defaults, list, "defaults")).facts : {};
  const entries: BulkEntry[] = [];
  const seen = new Map<string, string>();
  for (const item of items) {
    const node = resolved(item, list);
    const read = isMap(node) ? await readEntry(node, list, "entry") : readBareFile(item, list);
    const entry = read && toEntry(read, { common, commandLine, place: placeOf(read.offset) }, list);
    if (!entry) continue;
    const before = seen.get(identityOf(entry));
    if (before === undefined) seen.set(identityOf(entry), entry.place);
    else list.mistakes.push(new Mistake(`is the same title as the one at ${before}`, offsetOf(item)));
    entries.push(entry);
  }
  return entries;
}

/** `titles:` beside `defaults:`, or the titles alone. */
function partsOf(list: ListReading) {
  const { isMap, isSeq } = list.nodes;
  const root = resolved(list.document.contents, list);
  if (isSeq(root)) return { items: root.items, defaults: undefined };
  const titles = isMap(root) ? resolved(root.get("titles", true), list) : undefined;
  const defaults = isMap(root) ? resolved(root.get("defaults", true), list) : undefined;
  if (isMap(root)) {
    for (const { key } of root.items)
      if (!["titles", "defaults"].includes(String(key)))
        list.mistakes.push(
          new Mistake(`"${String(key)}" is not known: a list has titles and defaults`, offsetOf(key)),
        );
  }
  if (!isSeq(titles))
    list.mistakes.push(new Mistake("lists no titles: begin with `titles:`", offsetOf(root)));
  return { items: isSeq(titles) ? titles.items : [], defaults: isMap(defaults) ? defaults : undefined };
}

/** `- film.mkv` says the file alone. */
function readBareFile(item: unknown, list: ListReading): ReadEntry | undefined {
  const node = resolved(item, list);
  const offset = offsetOf(item);
  if (!list.nodes.isScalar(node) || typeof node.value !== "string") {
    list.mistakes.push(new Mistake("must be a title with its file, or a file", offset));
    return undefined;
  }
  const file = list.resolve(node.value);
  list.named.push({ path: file, offset });
  return { offset, file, facts: mergeFacts() };
}

interface EntryContext {
  common: Partial<EntryFacts>;
  commandLine: Partial<EntryFacts>;
  place: string;
}

function toEntry(
  { offset, file, facts }: ReadEntry,
  { common, commandLine, place }: EntryContext,
  { mistakes }: ListDocument & Pick<ListReading, "mistakes">,
): BulkEntry | undefined {
  if (file === undefined) {
    mistakes.push(new Mistake("has no file", offset));
    return undefined;
  }
  const isNamed = facts.choice.title !== undefined || facts.choice.titleId !== undefined;
  const byName = isNamed ? {} : { choice: factsOfName(shownMaster(file)) };
  try {
    return composeEntry(file, place, mergeFacts(byName, common, facts, commandLine));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    mistakes.push(new Mistake(error.message.replaceAll("--", ""), offset));
    return undefined;
  }
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= largestBytes) return await readFile(path, "utf8");
  } catch (cause) {
    throw new CliError("list_not_readable", {
      message: `${path} cannot be read (${systemCodeOf(cause) ?? "unknown reason"})`,
      fix: "Check the path and its permissions.",
      cause,
    });
  }
  throw new CliError("list_too_large", {
    message: `${path} has more than ${largestBytes / 1e6} MB`,
    fix: "Split it, and ingest one part after the other.",
  });
}

async function findFiles({ named, mistakes }: ListReading): Promise<void> {
  await forEachAtMost(filesAtOnce, named, async ({ path, offset }) => {
    if (isAddress(path)) return;
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) mistakes.push(new Mistake(`there is no file ${path}`, offset));
  });
}
