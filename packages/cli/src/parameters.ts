import { usageError } from "./errors.ts";
import type { Kind } from "./kinds.ts";

/** One argument or option: how it is written, and what the words given for it become. */
export interface Parameter<Value> {
  readonly summary: string;
  readonly presence: "switch" | "optional" | "required" | "repeated" | "several";
  /** What help shows between the angle brackets; a switch has none. */
  readonly placeholder: string | undefined;
  readonly short: string | undefined;
  /** `name` is as it is written, such as `--year`. */
  read(words: readonly string[], name: string): Value;
}

/** `dryRun` is written `--dry-run`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

interface Extras {
  /** One letter. */
  short?: string;
}

/** Given, its word is `true`; a list of titles may say `false`. */
export function flag(summary: string, { short }: Extras = {}): Parameter<boolean> {
  const read = (words: readonly string[]) => words.length > 0 && words.at(-1) !== "false";
  return { summary, presence: "switch", placeholder: undefined, short, read };
}

export function optional<Value>(
  placeholder: string,
  kind: Kind<Value>,
  summary: string,
  { short }: Extras = {},
): Parameter<Value | undefined> {
  return {
    summary: describe(summary, kind),
    presence: "optional",
    placeholder,
    short,
    read: (words, name) => readLast(words, kind, name),
  };
}

export function withDefault<Value>(
  placeholder: string,
  kind: Kind<Value>,
  fallback: Value,
  summary: string,
  { short }: Extras = {},
): Parameter<Value> {
  return {
    summary: describe(`${summary} (default: ${String(fallback)})`, kind),
    presence: "optional",
    placeholder,
    short,
    read: (words, name) => readLast(words, kind, name) ?? fallback,
  };
}

export function required<Value>(
  placeholder: string,
  kind: Kind<Value>,
  summary: string,
  { short }: Extras = {},
): Parameter<Value> {
  return {
    summary: describe(summary, kind),
    presence: "required",
    placeholder,
    short,
    read: (words, name) => {
      const value = readLast(words, kind, name);
      if (value === undefined) throw usageError(`${name} <${placeholder}> is missing`);
      return value;
    },
  };
}

/** May be given many times; none gives an empty list. */
export function repeated<Value>(
  placeholder: string,
  kind: Kind<Value>,
  summary: string,
  { short }: Extras = {},
): Parameter<Value[]> {
  return {
    summary: describe(`${summary} (repeatable)`, kind),
    presence: "repeated",
    placeholder,
    short,
    read: (words, name) => words.map((word) => readOne(word, kind, name)),
  };
}

/** One at least: the last of a command's arguments. */
export function several<Value>(
  placeholder: string,
  kind: Kind<Value>,
  summary: string,
): Parameter<[Value, ...Value[]]> {
  return {
    summary: describe(summary, kind),
    presence: "several",
    placeholder,
    short: undefined,
    read(words, name) {
      const [first, ...rest] = words.map((word) => readOne(word, kind, name));
      if (first === undefined) throw usageError(`${name} is missing`);
      return [first, ...rest];
    },
  };
}

function describe(summary: string, kind: Kind<unknown>): string {
  return kind.choices ? `${summary}: ${kind.choices.join(", ")}` : summary;
}

function readLast<Value>(words: readonly string[], kind: Kind<Value>, name: string): Value | undefined {
  const word = words.at(-1);
  return word === undefined ? undefined : readOne(word, kind, name);
}

function readOne<Value>(word: string, kind: Kind<Value>, name: string): Value {
  const value = kind.parse(word);
  if (value === undefined) throw usageError(`${name} ${kind.expects}, not "${word}"`);
  return value;
}
