import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { EncoderError, systemErrorCode } from "../errors.ts";
import { requireLanguage } from "../plan/languages.ts";

export interface SubtitleFile {
  language: string;
  path: string;
}

/** A sidecar that was read and checked, as WebVTT whatever it was. */
export interface Subtitle {
  language: string;
  path: string;
  webvtt: string;
  sha256: string;
  cueCount: number;
  lastCueEndSeconds: number;
}

const maxBytes = 10_000_000;
const hint = "Give a WebVTT or SRT file in UTF-8.";

/** Reads every sidecar; throws `subtitle_*` or `language_not_valid`. */
export async function readSubtitles(files: readonly SubtitleFile[]): Promise<Subtitle[]> {
  const subtitles: Subtitle[] = [];
  for (const file of files) {
    const language = requireLanguage(file.language);
    if (subtitles.some((other) => other.language === language)) {
      throw new EncoderError("subtitle_duplicate_language", {
        message: `Two subtitle files are given for ${language}.`,
        hint: "Give one file a language.",
      });
    }
    const text = decode(await readBytes(file.path), file.path);
    const webvtt = toWebVtt(text, file.path);
    const cues = cueTimes(webvtt);
    if (cues.length === 0) throw notValid(file.path, "it has no cue");
    const backwards = cues.find(({ start, end }) => end <= start);
    if (backwards) throw notValid(file.path, `the cue at ${backwards.start} s does not end after its start`);
    subtitles.push({
      language,
      path: file.path,
      webvtt,
      sha256: createHash("sha256").update(webvtt).digest("hex"),
      cueCount: cues.length,
      lastCueEndSeconds: Math.max(...cues.map(({ end }) => end)),
    });
  }
  return subtitles;
}

async function readBytes(path: string): Promise<Buffer> {
  const file = await stat(path).catch((error: unknown) => {
    throw new EncoderError("subtitle_not_found", {
      message: `The subtitle file ${path} cannot be read (${systemErrorCode(error) ?? "unknown reason"}).`,
      hint: "Check the path and its permissions.",
      cause: error,
    });
  });
  if (!file.isFile()) throw notValid(path, "it is not a regular file");
  if (file.size === 0)
    throw new EncoderError("subtitle_empty", { message: `The subtitle file ${path} is empty.`, hint });
  if (file.size > maxBytes) {
    throw new EncoderError("subtitle_too_large", {
      message: `The subtitle file ${path} has more than 10 MB.`,
      hint,
    });
  }
  return readFile(path);
}

function decode(bytes: Buffer, path: string): string {
  const [a, b] = bytes;
  const encoding = a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, "\n");
  } catch (error) {
    throw new EncoderError("subtitle_not_utf8", {
      message: `The subtitle file ${path} is not in UTF-8.`,
      hint,
      cause: error,
    });
  }
}

function toWebVtt(text: string, path: string): string {
  if (/^WEBVTT([ \t\n]|$)/.test(text)) return text;
  if (/^\s*(\d+\s*\n)?\s*\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}\s*-->/.test(text)) return srtToWebVtt(text);
  throw notValid(path, "it begins neither as WebVTT nor as SRT");
}

/** SRT is a number, times with a comma, and text; WebVTT wants a header, a full stop, three digits, and no font tags. */
export function srtToWebVtt(srt: string): string {
  const blocks = srt.trim().split(/\n(?:[ \t]*\n)+/);
  const cues = blocks.flatMap((block) => {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => line.includes("-->"));
    const times = at < 0 ? null : srtTimes.exec(lines[at] ?? "");
    if (!times) return [];
    const text = lines
      .slice(at + 1)
      .join("\n")
      .replaceAll(/<\/?font[^>]*>|\{\\[^}]*\}/gi, "");
    return [`${stamp(times.slice(1, 5))} --> ${stamp(times.slice(5, 9))}\n${text.replaceAll("-->", "→")}`];
  });
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}

const srtTimes = /(\d{1,3}):(\d{2}):(\d{2})[,.](\d{1,3})\s*-->\s*(\d{1,3}):(\d{2}):(\d{2})[,.](\d{1,3})/;

function stamp([hours = "", minutes, seconds, fraction = ""]: string[]): string {
  return `${hours.padStart(2, "0")}:${minutes}:${seconds}.${fraction.padEnd(3, "0")}`;
}

const cueLine = /^(?:(\d{2,}):)?(\d{2}):(\d{2}\.\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?(\d{2}):(\d{2}\.\d{3})/gm;

function cueTimes(webvtt: string): { start: number; end: number }[] {
  const seconds = (hours = "0", minutes = "0", rest = "0"): number =>
    Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  return [...webvtt.matchAll(cueLine)].map(([, h1, m1, s1, h2, m2, s2]) => ({
    start: seconds(h1, m1, s1),
    end: seconds(h2, m2, s2),
  }));
}

function notValid(path: string, reason: string): EncoderError {
  return new EncoderError("subtitle_not_valid", {
    message: `The subtitle file ${path} is not valid: ${reason}.`,
    hint,
  });
}
