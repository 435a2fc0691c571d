import { fixedLadder, type LadderStep } from "./ladder.ts";

/** Under the names that ffprobe gives them too. */
export const videoCodecs = ["h264", "hevc", "av1"] as const;
export type VideoCodec = (typeof videoCodecs)[number];

interface CodecTraits {
  /** The rung that every device can play is H.264's business; a better codec has fewer, but goes down far enough to stay on it. */
  fixedLadder: readonly LadderStep[];
  /**
   * Looks as H.264 does at 21: Big Buck Bunny with `faster` has the same VMAF at 24 to 25 with x265 and 29 to 32 with SVT-AV1 (1080p, 540p), for
   * 0.65 to 0.7 and 0.45 to 0.5 of the bits and 3.4 and 2 times the work.
   */
  crf: number;
  /** Bits that it takes for what H.264 takes one for, for ladders that were written for H.264. */
  shareOfH264: number;
  /** Of a picture that the encoder takes. */
  minSide: number;
}

/**
 * HEVC by Apple's table (the higher rate where it names two for one size); its 432p and 360p have rates for cellular networks only, so below
 * 540p there is H.264's own rung at the same share. AV1 at 0.75 of it.
 * https://developer.apple.com/documentation/http-live-streaming/hls-authoring-specification-for-apple-devices
 */
const hevcLadder: readonly LadderStep[] = [
  { width: 3840, height: 2160, maxrateKbps: 16_800 },
  { width: 2560, height: 1440, maxrateKbps: 8_100 },
  { width: 1920, height: 1080, maxrateKbps: 5_800 },
  { width: 1280, height: 720, maxrateKbps: 3_400 },
  { width: 960, height: 540, maxrateKbps: 1_600 },
  { width: 640, height: 360, maxrateKbps: 420 },
];
const av1OfHevc = 0.75;

export const codecTraits: Readonly<Record<VideoCodec, CodecTraits>> = {
  h264: { fixedLadder, crf: 21, shareOfH264: 1, minSide: 16 },
  hevc: { fixedLadder: hevcLadder, crf: 24, shareOfH264: 0.65, minSide: 64 },
  av1: { fixedLadder: scaleRates(hevcLadder, av1OfHevc), crf: 30, shareOfH264: 0.5, minSide: 64 },
};

export function scaleRates(ladder: readonly LadderStep[], factor: number): LadderStep[] {
  return ladder.map((step) => ({ ...step, maxrateKbps: Math.round(step.maxrateKbps * factor) }));
}
