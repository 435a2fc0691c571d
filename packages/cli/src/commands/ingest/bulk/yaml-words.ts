import type * as Yaml from "yaml";
import type { Document, Pair, Scalar } from "yaml";
import type { Parameter } from "../../../parameters.ts";

/** What is wrong with a list of titles, and where in its text. */
export class Mistake extends Error {
  override readonly name = "Mistake";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A parsed list, and the part of the yaml package that tells its nodes apart: that is loaded only where there is a list to read. */
export interface ListDocument {
  document: Document;
  nodes: Pick<typeof Yaml, "isAlias" | "isMap" | "isScalar" | "isSeq">;
}

/**
 * The words that the option would be given on the command line, so that both are read by the same rules: a value is a word, a list as many,
 * and `fr: film.srt` the word `fr=film.srt`. Throws a `Mistake`.
 */
export function wordsOf(
  value: unknown,
  presence: Parameter<unknown>["presence"],
  list: ListDocument,
): string[] {
  const { isMap, isScalar, isSeq } = list.nodes;
  const node = resolved(value, list);
  if (node === null || node === undefined || (isScalar(node) && node.value === null)) return [];
  if (presence === "switch") return [switchWord(node, list)];
  if (isScalar(node)) return [scalarText(node)];
  if (presence !== "repeated") throw new Mistake("takes one value", offsetOf(value));
  if (isMap(node)) return node.items.flatMap((pair) => pairWords(pair, list));
  return isSeq(node) ? node.items.flatMap((item) => itemWords(item, list)) : [];
}

function itemWords(item: unknown, list: ListDocument): string[] {
  const node = resolved(item, list);
  return list.nodes.isMap(node) ? node.items.flatMap((pair) => pairWords(pair, list)) : [textOf(item, list)];
}

/** `fr: [a.srt, b.srt]` are two words. */
function pairWords({ key, value }: Pair, list: ListDocument): string[] {
  const node = resolved(value, list);
  const values = list.nodes.isSeq(node) ? node.items : [value];
  return values.map((each) => `${textOf(key, list)}=${textOf(each, list)}`);
}

function textOf(value: unknown, list: ListDocument): string {
  const node = resolved(value, list);
  if (list.nodes.isScalar(node)) return scalarText(node);
  throw new Mistake("is nested too deeply: give words, or a map of words", offsetOf(value));
}

/** What is not quoted is taken as it is written: `01` is an episode, `1e3` may be a title. */
function scalarText({ source, value }: Scalar): string {
  return (typeof value === "string" ? value : (source ?? String(value))).trim();
}

function switchWord(node: unknown, { nodes }: ListDocument): string {
  if (nodes.isScalar(node) && typeof node.value === "boolean") return String(node.value);
  throw new Mistake("must be true or false", offsetOf(node));
}

/** An alias stands for its anchor's node. */
export function resolved(value: unknown, { document, nodes }: ListDocument): unknown {
  return nodes.isAlias(value) ? value.resolve(document) : value;
}

export function offsetOf(node: unknown): number {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) ? Number(range[0]) : 0;
}
