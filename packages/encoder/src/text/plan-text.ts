import { type BurnedSubtitle, canBeBurned } from "../burn/burned-subtitle.ts";
import type { Warning } from "../errors.ts";
import { requireLanguage } from "../plan/languages.ts";
import type { AdmittedSource } from "../source/admit.ts";
import type { SubtitleStream } from "../source/tracks.ts";
import type { Subtitle } from "./subtitles.ts";
import { textId, type TextRole } from "./text-role.ts";

export interface TextRendition {
  id: string;
  language: string;
  role: TextRole;
  /** Of a file beside the master, as WebVTT; absent of the master's own tracks, which go with its hash. */
  sha256?: string;
  /** Of the master's own. */
  streamIndex?: number;
}

interface Texts {
  source: Pick<AdmittedSource, "durationSeconds" | "subtitles">;
  subtitles: readonly Subtitle[];
  /** Of tracks that do not say theirs. */
  language?: string | undefined;
  burnedSubtitle?: BurnedSubtitle | undefined;
}

/** One rendition a language and role. A file takes the place of the master's track of its kind; pictures of text are not text. */
export function planText({ source, subtitles, language, burnedSubtitle }: Texts): {
  renditions: TextRendition[];
  warnings: Warning[];
} {
  const renditions = subtitles.map((file): TextRendition => {
    return {
      id: textId(file.language, file.role),
      language: file.language,
      role: file.role,
      sha256: file.sha256,
    };
  });
  const warnings = subtitles.flatMap((file) => [
    ...file.warnings,
    ...beyondEnd(file, source.durationSeconds),
  ]);
  const spoken = language === undefined ? "und" : requireLanguage(language);
  for (const track of source.subtitles) {
    if (track.index === burnedSubtitle?.streamIndex) continue;
    const rendition = ofTrack(track, spoken);
    if (isBitmap(track)) warnings.push(bitmapIgnored(track, rendition));
    else if (!isTakenText(track)) warnings.push(ignored(track, rendition, "its codec cannot be read"));
    else if (renditions.some(({ id }) => id === rendition.id)) {
      warnings.push(ignored(track, rendition, "there is one already"));
    } else renditions.push(rendition);
  }
  return { renditions, warnings };
}

const bitmapCodecs = ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub"];
/** Those that ffmpeg turns into WebVTT, and TTML, which is read here. */
const textCodecs = ["subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text", "ttml"];

export function isBitmap({ codec }: SubtitleStream): boolean {
  return bitmapCodecs.includes(codec);
}

function isTakenText({ codec }: SubtitleStream): boolean {
  return textCodecs.includes(codec);
}

function ofTrack({ index, language, role }: SubtitleStream, spoken: string): TextRendition {
  const of = language ?? spoken;
  return { id: textId(of, role), language: of, role, streamIndex: index };
}

function beyondEnd({ language, lastCueEndSeconds }: Subtitle, filmSeconds: number): Warning[] {
  if (lastCueEndSeconds <= filmSeconds + 5) return [];
  const message = `The ${language} subtitles go on after the film's end; are they of this cut?`;
  return [{ code: "subtitle_beyond_end", message }];
}

function bitmapIgnored({ index, codec }: SubtitleStream, { language }: TextRendition): Warning {
  const way = canBeBurned({ codec })
    ? `Burn it into the film with --burn-subtitle ${index}, or give its text as a file.`
    : "Give its text as a file.";
  return {
    code: "bitmap_subtitle_ignored",
    message: `Subtitle track ${index} (${language}, ${codec}) is pictures, not text, and is left out. ${way}`,
  };
}

function ignored(
  { index, codec }: SubtitleStream,
  { language, role }: TextRendition,
  reason: string,
): Warning {
  const kind = [language, ...(role === "main" ? [] : [role]), codec].join(", ");
  return {
    code: "subtitle_track_ignored",
    message: `Subtitle track ${index} (${kind}) is left out: ${reason}.`,
  };
}
