import { subtitleNotValid } from "./parsed-subtitle.ts";
import type { RootExtent } from "./ttml-region.ts";
import type { StyleSheet, Styles } from "./ttml-style.ts";
import { parseTtmlTime, type TtmlClock } from "./ttml-time.ts";
import type { XmlElement } from "../xml.ts";

/** What every element of a document is read with. */
export interface TtmlContext {
  /** Of the file, for messages. */
  name: string;
  language: string;
  clock: TtmlClock;
  sheet: StyleSheet;
  regions: ReadonlyMap<string, Styles>;
  root: RootExtent;
}

export interface Interval {
  startMs: number;
  endMs: number;
}

/** When an element is shown: `begin`, `end` and `dur` count from its parent's begin, and it ends with its parent (TTML2 section 12.2). */
export function within(
  parent: Interval,
  element: XmlElement,
  context: TtmlContext,
  fromMs = parent.startMs,
): Interval {
  const time = (name: string): number | null => readTime(element, name, context);
  const startMs = fromMs + (time("begin") ?? 0);
  const [end, dur] = [time("end"), time("dur")];
  const ends = [
    parent.endMs,
    ...(end === null ? [] : [fromMs + end]),
    ...(dur === null ? [] : [startMs + dur]),
  ];
  return { startMs, endMs: Math.max(startMs, Math.min(...ends)) };
}

function readTime(
  { name: tag, attributes }: XmlElement,
  attribute: string,
  { clock, name }: TtmlContext,
): number | null {
  const text = attributes.get(attribute)?.trim();
  if (text === undefined) return null;
  const time = parseTtmlTime(text, clock);
  if (time !== null) return time;
  throw subtitleNotValid(name, `${attribute}="${text.slice(0, 40)}" of a <${tag}> is no time of TTML`);
}
