import { readFile } from "node:fs/promises";
import type { MarkerInput } from "@flix/encoder";
import { CliError, systemCodeOf } from "../../errors.ts";
import { markerWord } from "./marker-words.ts";

/**
 * Reads a file of markers in YAML, of which JSON is a part: `intro: 00:01:05-00:02:10`, `credits: 5520`, `recap: { start: 0, end: 42.5 }`, or
 * a list of `{ kind, start, end }`. Throws `markers_file_not_valid`.
 */
export async function readMarkersFile(path: string): Promise<MarkerInput[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw notValid(path, `cannot be read (${systemCodeOf(cause) ?? "unknown reason"})`, cause);
  });
  const value = await parseYaml(text, path);
  if (typeof value !== "object" || value === null) throw notValid(path, "holds neither a map nor a list");
  const entries = Array.isArray(value) ? value.map(kindAndSpan) : Object.entries(value);
  return entries.map(([kind, span]) => {
    const marker = markerWord.parse(`${kind}=${spanText(span)}`);
    if (marker) return marker;
    throw notValid(path, `does not say when "${kind}" is`);
  });
}

const hint =
  "Write one line a marker, such as `intro: 00:01:05-00:02:10` or `credits: 01:32:00`; the kinds are intro, recap and credits.";

async function parseYaml(text: string, path: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw notValid(path, "is neither YAML nor JSON", cause);
  }
}

function kindAndSpan(item: unknown): [kind: string, span: unknown] {
  return [textOf(Object(item).kind), item];
}

/** As `--marker` takes it. */
function spanText(span: unknown): string {
  if (typeof span !== "object" || span === null) return textOf(span);
  const { start, end }: { start?: unknown; end?: unknown } = span;
  return end === undefined ? textOf(start) : `${textOf(start)}-${textOf(end)}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function notValid(path: string, what: string, cause?: unknown): CliError {
  return new CliError("markers_file_not_valid", { message: `The file ${path} ${what}`, fix: hint, cause });
}
