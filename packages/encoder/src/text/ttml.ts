import { type Cue, normalizeCueText } from "./cue.ts";
import { type ParsedSubtitle, subtitleNotValid } from "./parsed-subtitle.ts";
import { type Interval, type TtmlContext, within } from "./ttml-context.ts";
import { readRuns, shownIntervals, textDuring } from "./ttml-paragraph.ts";
import { placeInRegion, readRootExtent } from "./ttml-region.ts";
import { isHidden, readStyleSheet, type Styles, stylesOf } from "./ttml-style.ts";
import { parseTtmlTime, readClock, type TtmlClock } from "./ttml-time.ts";
import { elementsOf, parseXml, type XmlElement } from "../xml.ts";
import { plainText } from "./webvtt-text.ts";

export function isTtml(text: string): boolean {
  return /^\s*<(\?xml|!--|!DOCTYPE|(\w+:)?tt[\s>])/i.test(text);
}

/** Reads TTML and its profiles for subtitles, IMSC and EBU-TT-D among them (https://www.w3.org/TR/ttml2/). Pictures are not text. */
export function parseTtml(text: string, name: string): ParsedSubtitle {
  // Each sample of a track in MP4 is a document; what is shown across two is in both.
  const parts = text.split(/(?<=<\/(?:\w+:)?tt\s*>)\s*(?=<)/);
  const [first = parseDocument(text, name), ...rest] = parts.map((part) => parseDocument(part, name));
  if (rest.length === 0) return first;
  const all = [first, ...rest].flatMap(({ document }) => document.cues);
  const cues = new Map(all.map((cue) => [JSON.stringify(cue), cue]));
  return { ...first, document: { ...first.document, cues: [...cues.values()] } };
}

function parseDocument(text: string, name: string): ParsedSubtitle {
  const tt = parseXml(text, (reason, line) => subtitleNotValid(name, reason, line));
  if (tt.name !== "tt") throw subtitleNotValid(name, `its root is <${tt.name.slice(0, 40)}>, not <tt>`);
  const context = readContext(tt, name);
  const [head] = elementsOf(tt, "head");
  const startMs = 0 - (head ? programmeStart(head, context.clock) : 0);
  const [body] = elementsOf(tt, "body");
  const cues = body ? readBlock(body, rootStyles(tt), { startMs, endMs: Infinity }, context) : [];
  if (cues.length === 0 && hasImages(tt))
    throw subtitleNotValid(name, "it is of the image profile, without text");
  const endless = cues.find(({ endMs }) => endMs === Infinity);
  if (endless) throw subtitleNotValid(name, `"${plainText(endless.text).slice(0, 40)}" has no end`);
  const language = context.language === "" ? {} : { language: context.language };
  return { document: { ...language, regions: [], styles: [], cues: joinParagraphs(cues) }, warnings: [] };
}

function readContext(tt: XmlElement, name: string): TtmlContext {
  const [head] = elementsOf(tt, "head");
  const [styling, layout] = ["styling", "layout"].map((part) => head && elementsOf(head, part)[0]);
  const sheet = readStyleSheet(styling);
  const regions = layout ? elementsOf(layout, "region") : [];
  return {
    name,
    language: tt.attributes.get("lang") ?? "",
    clock: readClock(tt),
    sheet,
    regions: new Map(
      regions.map((region) => [region.attributes.get("id") ?? "", stylesOf(region, rootStyles(tt), sheet)]),
    ),
    root: readRootExtent(tt),
  };
}

function rootStyles({ attributes }: XmlElement): Styles {
  return new Map([...attributes].filter(([name]) => name === "lang" || name === "space"));
}

/** `body` and `div` hold others; where they say `seq`, each begins with the end of the one before. */
function readBlock(block: XmlElement, parent: Styles, interval: Interval, context: TtmlContext): Cue[] {
  const styles = withRegion(block, parent, context);
  const during = within(interval, block, context);
  if (isHidden(styles)) return [];
  let fromMs = during.startMs;
  return elementsOf(block).flatMap((child) => {
    const own = within(during, child, context, fromMs);
    const shifted = { startMs: fromMs, endMs: during.endMs };
    if (block.attributes.get("timeContainer") === "seq") fromMs = own.endMs;
    if (child.name === "div") return readBlock(child, styles, shifted, context);
    return child.name === "p" ? readParagraph(child, styles, own, context) : [];
  });
}

/** The region's name goes down with the styles, since a paragraph is in that of its block. */
function withRegion(element: XmlElement, parent: Styles, { sheet, regions }: TtmlContext): Styles {
  const id = element.attributes.get("region") ?? parent.get("region") ?? "";
  const inRegion = element.attributes.has("region")
    ? new Map([...(regions.get(id) ?? []), ...parent])
    : parent;
  return new Map([...stylesOf(element, inRegion, sheet), ["region", id]]);
}

/** Each may change what is shown, so that time and space grow with their square. */
const maxRuns = 2_000;

function readParagraph(
  paragraph: XmlElement,
  parent: Styles,
  interval: Interval,
  context: TtmlContext,
): Cue[] {
  const styles = withRegion(paragraph, parent, context);
  if (isHidden(styles)) return [];
  const runs = readRuns(paragraph, styles, interval, context);
  if (runs.length > maxRuns)
    throw subtitleNotValid(context.name, `a paragraph has more than ${maxRuns} parts`);
  return shownIntervals(runs, interval).flatMap((shown) => {
    const text = textDuring(runs, shown);
    if (plainText(text).trim() === "") return [];
    const lines = plainText(text).split("\n").length;
    const region = context.regions.get(styles.get("region") ?? "");
    return [{ id: "", ...shown, settings: placeInRegion(region, styles, lines, context.root), text }];
  });
}

/** Paragraphs that show together at one place are the lines of one cue: players would stack two cues the other way round. */
function joinParagraphs(cues: readonly Cue[]): Cue[] {
  const joined = new Map<string, Cue>();
  for (const cue of cues) {
    const key = JSON.stringify([cue.startMs, cue.endMs, cue.settings]);
    const other = joined.get(key);
    joined.set(key, other ? { ...other, text: normalizeCueText([...other.text, "\n", ...cue.text]) } : cue);
  }
  return [...joined.values()];
}

function hasImages(element: XmlElement): boolean {
  return (
    element.name === "image" ||
    element.attributes.has("backgroundImage") ||
    elementsOf(element).some((child) => hasImages(child))
  );
}

/** EBU-TT counts from the tape's start, an hour or ten before the film's, and says so in its metadata. */
function programmeStart(element: XmlElement, clock: TtmlClock): number {
  if (element.name === "documentStartOfProgramme") {
    const [text] = element.children;
    return (typeof text === "string" ? parseTtmlTime(text.trim(), clock) : null) ?? 0;
  }
  return Math.max(0, ...elementsOf(element).map((child) => programmeStart(child, clock)));
}
