import type { Pair, YAMLMap } from "yaml";
import { CliError, messageOf } from "../../../errors.ts";
import { text } from "../../../kinds.ts";
import { nearest } from "../../../nearest.ts";
import { flag, optional, type Parameter } from "../../../parameters.ts";
import type { EncodeFields, EncodePart, ResolvePath } from "../encode-option.ts";
import { encodeOptions, isOfOneFilm, joinParts } from "../encode-options.ts";
import { titleChoiceOptions as options } from "../wanted-title.ts";
import type { EntryFacts } from "./bulk-entry.ts";
import { type ListDocument, Mistake, offsetOf, wordsOf } from "./yaml-words.ts";

/** What one entry of a list says, or its defaults. */
export interface ReadEntry {
  offset: number;
  file: string | undefined;
  facts: EntryFacts;
}

/** A list that is being read, and what was found wrong with it so far. */
export interface ListReading extends ListDocument {
  resolve: ResolvePath;
  mistakes: Mistake[];
  /** Every file that is named, to be looked for once all is read. */
  named: { path: string; offset: number }[];
}

const ownOptions = {
  file: optional("file", text, "The master"),
  publish: flag("Publish the title at the end"),
};
const entryOptions: Readonly<Record<string, Parameter<unknown>>> = {
  ...ownOptions,
  ...options,
  ...encodeOptions,
};
const ofOneTitle = ["file", "title", "titleId", "episode"];

/** The names that an entry may have, as they are written in a list. */
const keysOfEntry = Object.keys(entryOptions).map(keyOf);
const keysOfDefaults = Object.keys(entryOptions)
  .filter((name) => !ofOneTitle.includes(name) && !isOfOneFilm(name))
  .map(keyOf);

export async function readEntry(
  map: YAMLMap,
  list: ListReading,
  part: "entry" | "defaults",
): Promise<ReadEntry> {
  const given = givenWords(map, list, part === "entry" ? keysOfEntry : keysOfDefaults);
  const read = <Value>(name: string, parameter: Parameter<Value>): Value | undefined => {
    const { words = [], offset = 0 } = given.get(name) ?? {};
    return caught(list, offset, () => parameter.read(words, keyOf(name)));
  };
  const choice = {
    title: read("title", options.title),
    titleId: read("titleId", options.titleId),
    series: read("series", options.series),
    season: read("season", options.season),
    episode: read("episode", options.episode),
    year: read("year", options.year),
    genre: read("genre", options.genre),
    rating: read("rating", options.rating),
    synopsis: read("synopsis", options.synopsis),
    territory: read("territory", options.territory),
  };
  const encode = await readEncode(given, list);
  const publish = given.has("publish") ? read("publish", ownOptions.publish) : undefined;
  const file = read("file", ownOptions.file);
  return {
    offset: offsetOf(map),
    file: file === undefined ? undefined : named(list.resolve(file), given.get("file")?.offset ?? 0, list),
    facts: { choice, encode, publish },
  };
}

type GivenWords = ReadonlyMap<string, { words: string[]; offset: number }>;

function givenWords(map: YAMLMap, list: ListReading, known: readonly string[]): GivenWords {
  const given = new Map<string, { words: string[]; offset: number }>();
  for (const pair of map.items) {
    const key = writtenKey(pair, list);
    const name = nameOf(key);
    const parameter = entryOptions[name];
    const offset = offsetOf(pair.value) || offsetOf(pair.key);
    if (!parameter || !known.includes(keyOf(name))) {
      list.mistakes.push(new Mistake(unknownKey(key, known), offsetOf(pair.key)));
      continue;
    }
    const words = caught(list, offset, () => wordsOf(pair.value, parameter.presence, list), `${key} `);
    if (words && words.length > 0) given.set(name, { words, offset });
  }
  return given;
}

function readEncode(given: GivenWords, list: ListReading): Promise<Partial<EncodeFields>> {
  const parts = Object.entries(encodeOptions).map(([name, parameter]): EncodePart => {
    const { words, offset } = given.get(name) ?? { words: [], offset: 0 };
    const part = caught(list, offset, () => parameter.read(words, keyOf(name)));
    return async (resolve) => {
      try {
        return (await part?.((path) => named(resolve(path), offset, list))) ?? {};
      } catch (error) {
        list.mistakes.push(mistakeOf(error, offset));
        return {};
      }
    };
  });
  return joinParts(parts, list.resolve);
}

function named(path: string, offset: number, list: ListReading): string {
  list.named.push({ path, offset });
  return path;
}

/** Undefined where the value is wrong, which goes with the others of its kind. */
function caught<Value>(
  { mistakes }: ListReading,
  offset: number,
  read: () => Value,
  subject = "",
): Value | undefined {
  try {
    return read();
  } catch (error) {
    mistakes.push(mistakeOf(error, offset, subject));
    return undefined;
  }
}

function mistakeOf(error: unknown, offset: number, subject = ""): Mistake {
  if (error instanceof Mistake) return new Mistake(`${subject}${error.message}`, error.offset || offset);
  if (error instanceof CliError) return new Mistake(error.message, offset);
  throw new Error(messageOf(error), { cause: error });
}

function writtenKey({ key }: Pair, { nodes }: ListReading): string {
  return nodes.isScalar(key) ? String(key.value) : "";
}

function unknownKey(key: string, known: readonly string[]): string {
  if (keysOfEntry.includes(key)) return `${key} is of one title: say it with the title`;
  const meant = nearest(key, known);
  return `"${key}" is not known${meant ? `; did you mean ${meant}?` : `: the names are ${known.join(", ")}`}`;
}

/** `title_id` for `titleId`; a list may write `title-id` as well, as the command line does. */
function keyOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function nameOf(key: string): string {
  return key.replaceAll(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
