import type { Cue, CueSettings } from "./cue.ts";
import { type ParsedSubtitle, subtitleNotValid } from "./parsed-subtitle.ts";
import { webVttColor } from "./colors.ts";
import { neverShown } from "./webvtt.ts";
import { parseCueText } from "./webvtt-text.ts";

export function isSrt(text: string): boolean {
  return /^\s*(\d+[ \t]*\n)?\s*\d{1,3}:\d{1,2}:\d{1,2}[,.]\d{1,3}\s*-->/.test(text);
}

/**
 * Reads SubRip, which has no standard: cues are found by their lines of times, since files lack numbers, repeat them, and have empty
 * lines inside a text.
 */
export function parseSrt(text: string, name: string): ParsedSubtitle {
  const parsed: ParsedSubtitle = { document: { regions: [], styles: [], cues: [] }, warnings: [] };
  const lines = text.split("\n").map((line) => line.trimEnd());
  const starts = lines.flatMap((line, index) => (line.includes("-->") ? [index] : []));
  for (const [number, at] of starts.entries()) {
    const next = starts[number + 1];
    const cue = readCue(
      lines,
      { at, end: next === undefined ? lines.length : beforeNumber(lines, next) },
      name,
    );
    if (cue.endMs > cue.startMs && cue.text.length > 0) parsed.document.cues.push(cue);
    else if (cue.text.length > 0) parsed.warnings.push(neverShown(at + 1));
  }
  return parsed;
}

/** The number of the next cue is no text of this one. */
function beforeNumber(lines: readonly string[], times: number): number {
  return /^\d+$/.test(lines[times - 1]?.trim() ?? "") ? times - 1 : times;
}

const timesPattern =
  /^\s*(\d{1,3}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->\s*(\d{1,3}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})(?:\s+[XY][12]:.*)?$/;

function readCue(lines: readonly string[], { at, end }: { at: number; end: number }, name: string): Cue {
  const times = timesPattern.exec(lines[at] ?? "");
  if (!times) throw subtitleNotValid(name, "times are written as 00:01:02,500 --> 00:01:04,000", at + 1);
  const [startMs, endMs] = [timeOf(times.slice(1, 5)), timeOf(times.slice(5, 9))];
  if (endMs < startMs) throw subtitleNotValid(name, "the cue ends before it starts", at + 1);
  const raw = lines
    .slice(at + 1, end)
    .join("\n")
    .trim();
  const text = raw.replaceAll(/\{\\[^{}]*\}/g, "").replaceAll(/\n{2,}/g, "\n");
  return {
    id: "",
    startMs,
    endMs,
    settings: settingsOf(raw),
    text: parseCueText(withColors(text), { unknownTags: "keep" }),
  };
}

/** `2,5` is half a second, as players read it. */
function timeOf([hours, minutes, seconds, fraction = ""]: string[]): number {
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Number(fraction.padEnd(3, "0"));
}

/** `{\an8}` and the like: the keys of a number pad say where on the screen, 2 being the usual place. */
function settingsOf(text: string): CueSettings {
  const key = Number(/\{\\an([1-9])[\\}]/.exec(text)?.[1] ?? 2);
  const [row, column] = [Math.ceil(key / 3), (key - 1) % 3];
  return {
    ...(row === 3 ? { line: { value: 0, percent: false } } : {}),
    ...(row === 2 ? { line: { value: 50, percent: true, align: "center" } } : {}),
    ...(column === 0 ? { align: "start", position: { percent: 5 } } : {}),
    ...(column === 2 ? { align: "end", position: { percent: 95 } } : {}),
  };
}

/** The fonts of SRT give way to the player's; of their colours those stay that WebVTT has a name for. */
function withColors(text: string): string {
  return text
    .replaceAll(/<font\b([^<>]*)>/gi, (_, attributes: string) => {
      const color = webVttColor(/color\s*=\s*["']?([#\w]+)/i.exec(attributes)?.[1] ?? "");
      return color === null ? "<c>" : `<c.${color}>`;
    })
    .replaceAll(/<\/font\s*>/gi, "</c>");
}
