import type { JsonFields } from "../json-fields.ts";
import { hasIndex } from "./indexed-source.ts";

/**
 * How long after the film's zero its first picture is shown. Zero is what ffmpeg counts from: the file's start, and in a file that is copied for its
 * index, the first picture or sound, in whole milliseconds.
 */
export function pictureDelay(
  container: string,
  format: JsonFields,
  streams: readonly JsonFields[],
  video: JsonFields,
): number {
  const start = video.number("start_time") ?? 0;
  if (hasIndex({ container })) return Math.max(0, start - (format.number("start_time") ?? start));
  const copied = streams.filter((stream) => stream === video || stream.text("codec_type") === "audio");
  const first = Math.min(...copied.map((stream) => stream.number("start_time") ?? start));
  return Math.round((start - first) * 1000) / 1000;
}
