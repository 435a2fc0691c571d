import type { Cue, SubtitleDocument } from "./cue.ts";
import { type ParsedSubtitle, subtitleNotValid } from "./parsed-subtitle.ts";
import { formatRegion, formatSettings, parseRegion, parseSettings } from "./webvtt-settings.ts";
import { formatCueText, parseCueText } from "./webvtt-text.ts";
import { formatTime, parseTime } from "./webvtt-time.ts";

export function isWebVtt(text: string): boolean {
  return /^WEBVTT([ \t\n]|$)/.test(text);
}

/**
 * Reads WebVTT (https://www.w3.org/TR/webvtt1/). Players drop without a word what they cannot read; here that is an error with
 * its line, because somebody wrote those words to be seen.
 */
export function parseWebVtt(text: string, name: string): ParsedSubtitle {
  const parsed: ParsedSubtitle = { document: { regions: [], styles: [], cues: [] }, warnings: [] };
  for (const block of blocksOf(text)) readBlock(block, parsed, name);
  return parsed;
}

/** The one way in which this encoder writes WebVTT. */
export function formatWebVtt({ regions, styles, cues }: SubtitleDocument): string {
  const blocks = [
    "WEBVTT",
    ...regions.map(formatRegion),
    ...styles.map((css) => `STYLE\n${css}`),
    ...cues.map(formatCue),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function formatCue({ id, startMs, endMs, settings, text }: Cue): string {
  const placed = formatSettings(settings);
  const times = `${formatTime(startMs)} --> ${formatTime(endMs)}${placed === "" ? "" : ` ${placed}`}`;
  return `${id === "" ? "" : `${id}\n`}${times}\n${formatCueText(text)}`;
}

interface Block {
  lines: string[];
  /** Of the first line, from 1. */
  at: number;
}

/** An empty line ends a block, and so does the next line with times where somebody forgot the empty one. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let block: Block | undefined;
  let inHeader = true;
  for (const [index, line] of text.split("\n").entries()) {
    const hasTimes = line.includes("-->");
    if (inHeader && line !== "" && !hasTimes) continue;
    inHeader = false;
    if (line === "") block = undefined;
    else if (!block || (hasTimes && block.lines.some((before) => before.includes("-->")))) {
      block = { lines: [line], at: index + 1 };
      blocks.push(block);
    } else block.lines.push(line);
  }
  return blocks;
}

function readBlock(block: Block, { document, warnings }: ParsedSubtitle, name: string): void {
  const { lines, at } = block;
  const [first = "", ...rest] = lines;
  const times = lines.findIndex((line) => line.includes("-->"));
  if (times === 0 || times === 1) {
    const cue = readCue(block, times, document, name);
    if (cue.endMs > cue.startMs && cue.text.length > 0) document.cues.push(cue);
    else if (cue.text.length > 0) warnings.push(neverShown(at + times));
  } else if (/^NOTE([ \t]|$)/.test(first)) return;
  else if (/^STYLE[ \t]*$/.test(first)) {
    const css = rest.join("\n");
    if (isSafeCss(css)) document.styles.push(css);
    else warnings.push(unsafeStyle(at));
  } else if (/^REGION[ \t]*$/.test(first)) {
    const region = parseRegion(rest.join(" "));
    if (region && !document.regions.some(({ id }) => id === region.id)) document.regions.push(region);
  } else
    throw subtitleNotValid(name, "the text there belongs to no cue (an empty line before it ends one)", at);
}

function readCue({ lines, at }: Block, times: number, { regions }: SubtitleDocument, name: string): Cue {
  const line = at + times;
  const [, start = "", end = "", settings = ""] =
    /^\s*(\S+)\s*-->\s*(\S+)(?:\s+(.*))?$/.exec(lines[times] ?? "") ?? [];
  const [startMs, endMs] = [parseTime(start), parseTime(end)];
  if (startMs === null || endMs === null) {
    throw subtitleNotValid(name, "times are written as 00:01:02.500 --> 00:01:04.000", line);
  }
  if (endMs < startMs) throw subtitleNotValid(name, "the cue ends before it starts", line);
  const text = lines.slice(times + 1).join("\n");
  return {
    id: times === 1 ? (lines[0] ?? "") : "",
    startMs,
    endMs,
    settings: parseSettings(settings, regions),
    text: parseCueText(text, { unknownTags: "drop" }),
  };
}

/** Nothing that could load, and nothing but rules for cues: no at-rule, no address, no escape that could spell one. */
function isSafeCss(css: string): boolean {
  if (/@|\\|<|url\s*\(|image\s*\(|src\s*\(/i.test(css)) return false;
  const rules = css.replaceAll(/\/\*[\s\S]*?\*\//g, "").trim();
  return /^(?:::cue(?:-region)?(?:\([^(){}]*\))?\s*(?:,\s*::cue(?:-region)?(?:\([^(){}]*\))?\s*)*\{[^{}]*\}\s*)+$/.test(
    rules,
  );
}

function unsafeStyle(line: number): ParsedSubtitle["warnings"][number] {
  return {
    code: "subtitle_style_dropped",
    message: `the style in line ${line} is left out: it is not made of ::cue rules alone, or refers to something outside`,
  };
}

export function neverShown(line: number): ParsedSubtitle["warnings"][number] {
  return {
    code: "subtitle_cue_dropped",
    message: `the cue in line ${line} is left out: it ends when it starts`,
  };
}
