import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { EncoderError, systemErrorCode, type Warning } from "../errors.ts";
import { requireLanguage } from "../plan/languages.ts";
import type { Cue, SubtitleDocument } from "./cue.ts";
import { decodeSubtitle } from "./decode.ts";
import { withoutBoxAlignment } from "./line-height.ts";
import { type ParsedSubtitle, subtitleHint, subtitleNotValid } from "./parsed-subtitle.ts";
import { isSrt, parseSrt } from "./srt.ts";
import type { TextRole } from "./text-role.ts";
import { isTtml, parseTtml } from "./ttml.ts";
import { formatWebVtt, isWebVtt, parseWebVtt } from "./webvtt.ts";
import { plainText } from "./webvtt-text.ts";

export interface SubtitleFile {
  language: string;
  /** `main` unless it says otherwise. */
  role?: TextRole | undefined;
  path: string;
}

/** A sidecar that was read and checked, as WebVTT whatever it was. */
export interface Subtitle {
  language: string;
  role: TextRole;
  path: string;
  webvtt: string;
  sha256: string;
  cueCount: number;
  lastCueEndSeconds: number;
  warnings: Warning[];
}

const maxBytes = 10_000_000;

/** Reads every sidecar; throws `subtitle_*` or `language_not_valid`. */
export async function readSubtitles(files: readonly SubtitleFile[]): Promise<Subtitle[]> {
  const subtitles: Subtitle[] = [];
  for (const { path, role = "main", language: tag } of files) {
    const language = requireLanguage(tag);
    if (subtitles.some((other) => other.language === language && other.role === role)) {
      throw new EncoderError("subtitle_duplicate_language", {
        message: `Two subtitle files are given for ${language}${role === "main" ? "" : ` (${role})`}.`,
        hint: "Give one file for each language and role, such as en, en:forced and en:sdh.",
      });
    }
    const read = convertSubtitle(await readBytes(path), path, language);
    subtitles.push({ language, role, path, ...read });
  }
  return subtitles;
}

type Converted = Omit<Subtitle, "language" | "role" | "path">;

/** To WebVTT in its canonical form, cues in order of time. */
export function convertSubtitle(bytes: Buffer, name: string, language: string): Converted {
  const { text, warnings } = decodeSubtitle(bytes, name, language);
  const parsed = parse(text, name);
  if (parsed.document.cues.length === 0) throw subtitleNotValid(name, "it has no cue");
  const cues = parsed.document.cues.map(forPackager).toSorted((a, b) => a.startMs - b.startMs);
  const webvtt = formatWebVtt({ ...parsed.document, cues });
  const all = [...warnings, ...parsed.warnings, ...languageWarnings(parsed.document, language)];
  return {
    webvtt,
    sha256: createHash("sha256").update(webvtt).digest("hex"),
    cueCount: cues.length,
    lastCueEndSeconds: cues.reduce((last, { endMs }) => Math.max(last, endMs), 0) / 1000,
    warnings: all.map(({ code, message }) => ({ code, message: `${name}: ${message}.` })),
  };
}

function parse(text: string, name: string): ParsedSubtitle {
  if (isWebVtt(text)) return parseWebVtt(text, name);
  if (isTtml(text)) return parseTtml(text, name);
  if (isSrt(text)) return parseSrt(text, name);
  throw subtitleNotValid(name, "it begins neither as WebVTT nor as SRT or TTML");
}

function forPackager(cue: Cue): Cue {
  const lines = plainText(cue.text).split("\n").length;
  return { ...cue, settings: withoutBoxAlignment(cue.settings, lines) };
}

/** The option decides; a file that says otherwise may be the wrong one. */
function languageWarnings(document: SubtitleDocument, language: string): Warning[] {
  const base = (tag: string): string => tag.split("-", 1)[0]?.toLowerCase() ?? "";
  const said = document.language;
  if (said === undefined || base(said) === base(language) || base(said) === "und") return [];
  return [
    {
      code: "subtitle_language_differs",
      message: `it says that it is in ${said}, and was given as ${language}`,
    },
  ];
}

async function readBytes(path: string): Promise<Buffer> {
  const refuse = (cause: unknown): never => {
    throw new EncoderError("subtitle_not_found", {
      message: `The subtitle file ${path} cannot be read (${systemErrorCode(cause) ?? "unknown reason"}).`,
      hint: "Check the path and its permissions.",
      cause,
    });
  };
  const file = await stat(path).catch(refuse);
  if (!file.isFile()) throw subtitleNotValid(path, "it is not a regular file");
  if (file.size === 0) {
    throw new EncoderError("subtitle_empty", {
      message: `The subtitle file ${path} is empty.`,
      hint: subtitleHint,
    });
  }
  if (file.size > maxBytes) {
    throw new EncoderError("subtitle_too_large", {
      message: `The subtitle file ${path} has more than 10 MB.`,
      hint: subtitleHint,
    });
  }
  return readFile(path).catch(refuse);
}
