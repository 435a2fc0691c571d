import { type CueNode, type CueSpan, type CueTag, cueTags, normalizeCueText } from "./cue.ts";
import { formatTime, parseTime } from "./webvtt-time.ts";

interface ParseOptions {
  /** What stands between `<` and `>` and is no tag of WebVTT: its standard drops it, in SRT it may be meant. */
  unknownTags: "drop" | "keep";
}

/** The text of a cue (WebVTT section 6.4). Tags that are left open end with their parent, and a stray end tag is nothing. */
export function parseCueText(text: string, { unknownTags }: ParseOptions): CueNode[] {
  const root: CueNode[] = [];
  const open: CueSpan[] = [];
  const push = (node: CueNode): void => void (open.at(-1)?.children ?? root).push(node);
  for (const [token, tag] of text.matchAll(/<(\/?[A-Za-z0-9][^<>]*|\/)>|[^<]+|</g)) {
    if (tag === undefined) push(decodeReferences(token));
    else if (tag.startsWith("/")) close(open, tag.slice(1), () => unknownTags === "keep" && push(token));
    else {
      const node = readTag(tag);
      if (node !== null) push(node);
      else if (unknownTags === "keep") push(token);
      if (node !== null && "tag" in node) open.push(node);
    }
  }
  return normalizeCueText(root);
}

export function formatCueText(nodes: readonly CueNode[]): string {
  return nodes.map(formatNode).join("");
}

/** What is read aloud: without tags and times. */
export function plainText(nodes: readonly CueNode[]): string {
  return nodes
    .map((node) => (typeof node === "string" ? node : "tag" in node ? plainText(node.children) : ""))
    .join("");
}

function readTag(text: string): CueSpan | { timeMs: number } | null {
  const timeMs = parseTime(text);
  if (timeMs !== null) return { timeMs };
  const [, head = "", annotation = ""] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const [name = "", ...classes] = head.split(".");
  const tag = tagOf(name);
  if (tag === undefined) return null;
  return {
    tag,
    classes: classes.filter((one) => /^[\p{L}\p{N}_-]+$/u.test(one)),
    annotation:
      tag === "v" || tag === "lang" ? decodeReferences(annotation).trim().replaceAll(/\s+/g, " ") : "",
    children: [],
  };
}

function tagOf(name: string): CueTag | undefined {
  return cueTags.find((tag) => tag === name.toLowerCase());
}

/** Ends the innermost open span of that name; those inside it end too. */
function close(open: CueSpan[], name: string, unknown: () => void): void {
  const tag = tagOf(name.trim());
  if (tag === undefined) return unknown();
  const at = open.findLastIndex((span) => span.tag === tag);
  if (at >= 0) open.length = at;
}

function formatNode(node: CueNode): string {
  if (typeof node === "string") return escapeText(node);
  if ("timeMs" in node) return `<${formatTime(node.timeMs)}>`;
  const classes = node.classes.map((name) => `.${name}`).join("");
  const annotation = node.annotation === "" ? "" : ` ${escapeText(node.annotation)}`;
  return `<${node.tag}${classes}${annotation}>${formatCueText(node.children)}</${node.tag}>`;
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: "\u00A0",
  lrm: "\u200E",
  rlm: "\u200F",
  quot: '"',
  apos: "'",
};

function decodeReferences(text: string): string {
  return text
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return named[String(name)] ?? whole;
      return characterOf(decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal));
    })
    .replaceAll("\0", "\uFFFD");
}

function characterOf(point: number): string {
  const valid = point > 0 && point <= 0x10_ffff && !(point >= 0xd800 && point <= 0xdfff);
  return valid ? String.fromCodePoint(point).replace("\r", "\n") : "\uFFFD";
}

function escapeText(text: string): string {
  return text.replaceAll(/[&<>\u00A0\u200E\u200F]/g, (character) => escapes[character] ?? character);
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\u00A0": "&nbsp;",
  "\u200E": "&lrm;",
  "\u200F": "&rlm;",
};
