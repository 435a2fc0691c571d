import { fps } from "../plan/frame-rate.ts";
import type { PictureSize } from "../plan/ladder.ts";
import type { Plan } from "../plan/plan.ts";
import type { FfmpegInput } from "../programs/ffmpeg.ts";
import type { IndexedSource } from "../source/indexed-source.ts";

/** Stands for the drawn subtitle among the inputs of a graph, as `[video]` does for the film. */
export const subtitleInput = "[subtitle]";

/** What follows the filters of the film's pictures, from a time of the film on, to lay the subtitle over them; empty where none is burned in. */
export function overlaySubtitle(plan: Plan, startSeconds: number, { width, height }: PictureSize): string {
  if (!plan.burnedSubtitle) return "";
  // A frame shows what comes nearer to it than to the next, as `fps` does with the pictures. Containers that count milliseconds
  // never tell a time that falls on a frame after this, where the order of two changes would be lost.
  const early = 0.5 / fps(plan.frameRate) - 0.000_25;
  const back = (startSeconds - plan.picture.shiftSeconds + early).toFixed(6);
  const text = [
    `settb=AVTB,setpts=PTS-(${back})/TB`,
    `scale=${width}:${height}:flags=bicubic`,
    "format=yuva420p",
    "setparams=range=limited:color_primaries=bt709:color_trc=bt709:colorspace=bt709",
    "setsar=1",
  ].join(",");
  return `[pictures];${subtitleInput}${text}[text];[pictures][text]overlay=format=yuv420:shortest=1`;
}

/** The drawn subtitle from what is shown at a time of the film on, as further input; none where nothing is burned in. */
export function subtitleInputs({ subtitle }: IndexedSource, seekSeconds: number): FfmpegInput[] {
  if (subtitle === undefined) return [];
  const seek = seekSeconds > 0 ? ["-noaccurate_seek", "-ss", seekSeconds.toFixed(6)] : [];
  const reading = ["-xerror", ...seek, "-threads", "1", "-protocol_whitelist", "file", "-f", "matroska"];
  return [{ path: subtitle, options: reading }];
}
