/** A subtitle track as WebVTT can say it, whatever form it came in. Times are whole milliseconds from the film's start. */
export interface SubtitleDocument {
  /** BCP 47, where the file names one. */
  language?: string;
  regions: Region[];
  /** CSS of STYLE blocks that refers to nothing outside. */
  styles: string[];
  cues: Cue[];
}

export interface Cue {
  /** Empty where it has none. */
  id: string;
  startMs: number;
  endMs: number;
  settings: CueSettings;
  text: CueNode[];
}

/** WebVTT section 4.4. What is left out is as a player does by itself: at the bottom, in the middle. */
export interface CueSettings {
  region?: string;
  vertical?: "rl" | "lr";
  /** Lines from the top, or below 0 from the bottom, or percent of the picture's height. */
  line?: { value: number; percent: boolean; align?: LineAlign };
  position?: { percent: number; align?: PositionAlign };
  sizePercent?: number;
  align?: TextAlign;
}

export type LineAlign = "start" | "center" | "end";
export type PositionAlign = "line-left" | "center" | "line-right";
export type TextAlign = "start" | "center" | "end" | "left" | "right";

export interface Region {
  id: string;
  widthPercent: number;
  lines: number;
  regionAnchor: Point;
  viewportAnchor: Point;
  scroll: boolean;
}

/** In percent. */
export interface Point {
  x: number;
  y: number;
}

export type CueNode = string | CueSpan | CueTime;

export interface CueSpan {
  tag: CueTag;
  classes: string[];
  /** Who speaks in `v`, which language in `lang`; empty in all others. */
  annotation: string;
  children: CueNode[];
}

/** What follows is only shown from then on, as in karaoke. */
export interface CueTime {
  timeMs: number;
}

export const cueTags = ["b", "i", "u", "c", "v", "lang", "ruby", "rt"] as const;
export type CueTag = (typeof cueTags)[number];

export function span(tag: CueTag, children: CueNode[], annotation = "", classes: string[] = []): CueSpan {
  return { tag, classes, annotation, children };
}

/**
 * The one form of equal texts: neighbouring strings are one, nothing is empty, and no line of a cue is empty, since an
 * empty line would end it.
 */
export function normalizeCueText(nodes: readonly CueNode[]): CueNode[] {
  const merged = mergeNodes(nodes);
  const trimmed = merged.map((node, index) => {
    if (typeof node !== "string") return node;
    const text = index === 0 ? node.replace(/^\n/, "") : node;
    return index === merged.length - 1 ? text.replace(/\n$/, "") : text;
  });
  return trimmed.includes("") ? normalizeCueText(trimmed.filter((node) => node !== "")) : trimmed;
}

function mergeNodes(nodes: readonly CueNode[]): CueNode[] {
  const merged: CueNode[] = [];
  for (const part of nodes.flatMap(flatten)) {
    const before = merged.at(-1);
    if (typeof part === "string" && typeof before === "string") merged[merged.length - 1] = before + part;
    else if (part !== "") merged.push(part);
  }
  return merged.map((node) => (typeof node === "string" ? node.replaceAll(/\n{2,}/g, "\n") : node));
}

/** A span of nothing is nothing, and a `c` without a class says nothing. */
function flatten(node: CueNode): CueNode[] {
  if (typeof node === "string" || "timeMs" in node) return [node];
  const children = mergeNodes(node.children);
  const empty = children.length === 0 || (node.tag === "c" && node.classes.length === 0);
  return empty ? children : [{ ...node, children }];
}
