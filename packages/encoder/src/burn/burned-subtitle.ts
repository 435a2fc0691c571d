import { EncoderError } from "../errors.ts";
import { canonicalLanguage } from "../plan/languages.ts";
import type { PictureSize } from "../plan/ladder.ts";
import type { VideoRendition } from "../plan/video-rendition.ts";
import type { SubtitleStream } from "../source/tracks.ts";

/** A track of the master whose pictures of text become part of the film's. */
export interface BurnedSubtitle {
  streamIndex: number;
  language: string;
  /** Of what is laid over the best rung; the others are scaled from that. */
  size: PictureSize;
}

export interface BurnOptions {
  /** A bitmap track of the master: its number as preflight shows it, or its language where exactly one has it. */
  burnSubtitle?: number | string | undefined;
}

interface Film {
  subtitles: readonly SubtitleStream[];
  video: readonly VideoRendition[];
  /** Of tracks that do not say theirs. */
  language?: string | undefined;
}

/** Nothing is burned in unless it is asked for. Throws `subtitle_track_not_found`, `subtitle_track_is_text`, `burn_not_in_hdr`. */
export function planBurn({ burnSubtitle }: BurnOptions, film: Film): BurnedSubtitle | undefined {
  if (burnSubtitle === undefined) return undefined;
  const track = findTrack(burnSubtitle, film.subtitles);
  const [best] = film.video;
  if (!best) throw new RangeError("A film has at least one rendition.");
  if (film.video.some(({ dynamicRange }) => dynamicRange !== "sdr")) {
    throw new EncoderError("burn_not_in_hdr", {
      message: "Subtitles are burned into SDR renditions only.",
      hint: "Leave --hdr off, or give the subtitle's text as a file with --subtitle.",
    });
  }
  const { width, height } = best;
  const language = track.language ?? canonicalLanguage(film.language ?? "") ?? "und";
  return { streamIndex: track.index, language, size: { width, height } };
}

/** Those that are pictures of text and that ffmpeg can both copy and draw. */
export function canBeBurned({ codec }: Pick<SubtitleStream, "codec">): boolean {
  return ["hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"].includes(codec);
}

function findTrack(wanted: number | string, subtitles: readonly SubtitleStream[]): SubtitleStream {
  const named = subtitles.filter((track) => isNamed(track, wanted));
  const [found, ...more] = named.filter(canBeBurned);
  if (found && more.length === 0) return found;
  const text = named.find((track) => !canBeBurned(track));
  if (!found && text) {
    throw new EncoderError("subtitle_track_is_text", {
      message: `Subtitle track ${text.index} (${text.codec}) is no track of pictures, and only those are burned in.`,
      hint: "Text is published as WebVTT, which viewers turn on and off; leave --burn-subtitle away.",
    });
  }
  const several = found
    ? `Several tracks of pictures are ${wanted}`
    : `The master has no subtitle track ${wanted}`;
  throw new EncoderError("subtitle_track_not_found", { message: `${several}.`, hint: hintOf(subtitles) });
}

function isNamed({ index, language }: SubtitleStream, wanted: number | string): boolean {
  if (typeof wanted === "number") return index === wanted;
  return language !== null && language === canonicalLanguage(wanted);
}

function hintOf(subtitles: readonly SubtitleStream[]): string {
  const tracks = subtitles
    .filter(canBeBurned)
    .map(({ index, language, codec, role }) =>
      [`${index} (${language ?? "language not said"}`, ...(role === "main" ? [] : [role]), `${codec})`].join(
        ", ",
      ),
    );
  return tracks.length > 0
    ? `Name one of these by its number: ${tracks.join("; ")}.`
    : "The master has no track of pictures; give a subtitle's text as a file with --subtitle.";
}
