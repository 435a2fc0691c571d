import type { JsonFields } from "../json-fields.ts";
import { hasIndex } from "./indexed-source.ts";

interface FilmTimes {
  /** What the file's own clock says at the film's zero. */
  startSeconds: number;
  /** From the film's zero to its first picture. */
  pictureDelaySeconds: number;
}

/**
 * Zero is what ffmpeg counts from: the file's start, and in a file that is copied for its index, the first picture or sound, in whole milliseconds.
 */
export function filmTimes(
  container: string,
  format: JsonFields,
  streams: readonly JsonFields[],
  video: JsonFields,
): FilmTimes {
  const start = video.number("start_time") ?? 0;
  if (hasIndex({ container })) {
    const first = Math.min(start, format.number("start_time") ?? start);
    return { startSeconds: first, pictureDelaySeconds: start - first };
  }
  const copied = streams.filter((stream) => stream === video || stream.text("codec_type") === "audio");
  const first = Math.min(...copied.map((stream) => stream.number("start_time") ?? start));
  return { startSeconds: first, pictureDelaySeconds: Math.round((start - first) * 1000) / 1000 };
}
