import type { Preset } from "../plan/preset.ts";
import type { VideoCodec } from "../plan/video-codecs.ts";

/** CPU seconds of one core where the constants below were taken. */
export function encodingSeconds(pixels: number, codec: VideoCodec, preset: Preset): number {
  return (pixels * presetCosts[preset]) / encodedPixelsPerSecond[codec];
}

/** Big Buck Bunny in six rungs at `faster`, one thread on a Xeon of 2.1 GHz; the other codecs in its proportions. */
const encodedPixelsPerSecond: Readonly<Record<VideoCodec, number>> = { h264: 43e6, hevc: 12.6e6, av1: 21e6 };

/** CPU seconds for each one that `faster` takes. */
const presetCosts: Readonly<Record<Preset, number>> = {
  ultrafast: 0.3,
  superfast: 0.45,
  veryfast: 0.69,
  faster: 1,
  fast: 1.24,
  medium: 1.48,
  slow: 2.4,
  slower: 4.5,
};
