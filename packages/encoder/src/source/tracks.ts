import type { AudioRole } from "../audio/audio-role.ts";
import type { JsonFields } from "../json-fields.ts";
import { canonicalLanguage } from "../plan/languages.ts";
import type { TextRole } from "../text/text-role.ts";

export interface AudioStream {
  index: number;
  codec: string;
  channels: number;
  sampleRateHz: number;
  /** BCP 47; null where the file does not say. */
  language: string | null;
  isDefault: boolean;
  role: AudioRole;
  durationSeconds: number | null;
  bitrateBps: number | null;
}

export interface SubtitleStream {
  index: number;
  codec: string;
  language: string | null;
  role: TextRole;
}

export function parseAudio(stream: JsonFields): AudioStream {
  return {
    index: stream.number("index") ?? 0,
    codec: stream.text("codec_name") ?? "unknown",
    channels: stream.number("channels") ?? 0,
    sampleRateHz: stream.number("sample_rate") ?? 0,
    language: languageOf(stream),
    isDefault: stream.object("disposition").number("default") === 1,
    role: audioRoleOf(stream),
    durationSeconds: positive(stream.number("duration")),
    bitrateBps: positive(stream.number("bit_rate")),
  };
}

export function parseSubtitle(stream: JsonFields): SubtitleStream {
  return {
    index: stream.number("index") ?? 0,
    codec: isTtmlInMp4(stream) ? "ttml" : (stream.text("codec_name") ?? "unknown"),
    language: languageOf(stream),
    role: textRoleOf(stream),
  };
}

export function isSubtitle(stream: JsonFields): boolean {
  return stream.text("codec_type") === "subtitle" || isTtmlInMp4(stream);
}

/** Data to ffprobe before 6.1. */
function isTtmlInMp4(stream: JsonFields): boolean {
  return stream.text("codec_tag_string") === "stpp";
}

/** Many files have no flag for it and say it in the track's name. */
function audioRoleOf(stream: JsonFields): AudioRole {
  const title = titleOf(stream);
  const isSet = (flag: string): boolean => stream.object("disposition").number(flag) === 1;
  if (isSet("visual_impaired") || isSet("descriptions") || /\bdescripti/i.test(title)) return "description";
  return isSet("comment") || /\bcommentar/i.test(title) ? "commentary" : "main";
}

function textRoleOf(stream: JsonFields): TextRole {
  const title = titleOf(stream);
  const isSet = (flag: string): boolean => stream.object("disposition").number(flag) === 1;
  if (isSet("forced") || /\bforced\b/i.test(title)) return "forced";
  return isSet("hearing_impaired") || isSet("captions") || /\b(SDH|CC)\b/.test(title) ? "sdh" : "main";
}

function titleOf(stream: JsonFields): string {
  return stream.object("tags").text("title") ?? "";
}

function languageOf(stream: JsonFields): string | null {
  const language = canonicalLanguage(stream.object("tags").text("language") ?? "");
  return language === "und" ? null : language;
}

function positive(value: number | undefined): number | null {
  return value !== undefined && value > 0 ? value : null;
}
