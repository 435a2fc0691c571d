import type { VideoRendition } from "../plan/video-rendition.ts";
import type { VideoCodec } from "../plan/video-codecs.ts";

/**
 * What is tried of a switching set, from its rungs of the fixed ladder: each size at a few CRFs, without a ceiling. A size is on the hull where
 * larger ones are already coarse, so the smaller it is, the higher its CRFs. Two are enough where the curve between them is short. The sixth size
 * was below the floor's rate before it was better than the fifth.
 *
 * The preset is that of the encode, which a faster one does not predict: against `faster`, `superfast` took 0.94 to 2.45 times the bits at one
 * CRF, by size and by scene, and `veryfast` lost up to 20 VMAF in a slow pan.
 */
export function probesOf(rungs: readonly VideoRendition[]): VideoRendition[] {
  return rungs.flatMap((rung, index) => {
    const grid = grids[rung.codec];
    const crfs = grid[index] ?? [];
    return crfs.map((crf) => ({
      ...rung,
      id: `${rung.id}-crf-${crf}`,
      crf,
      maxrateKbps: unlimitedKbps,
    }));
  });
}

/** A hardware encoder keeps its ladder: most have no constant quality. HDR has no VMAF model. */
export function isProbed({
  encoder,
  dynamicRange,
}: Pick<VideoRendition, "encoder" | "dynamicRange">): boolean {
  return dynamicRange === "sdr" && ["libx264", "libx265", "libsvtav1"].includes(encoder);
}

/**
 * From the largest size down. H.264 at 1080p: with these, rates were met to 3 % and scores to 1 between the probes, and the hull of six films
 * had each size within its range.
 */
const grids: Readonly<Record<VideoCodec, readonly (readonly number[])[]>> = {
  h264: [
    [22, 29, 36],
    [24, 31, 38],
    [28, 41],
    [30, 42],
    [32, 45],
  ],
  hevc: [
    [22, 29, 36],
    [24, 31, 38],
    [28, 41],
    [30, 42],
    [32, 45],
  ],
  av1: [
    [30, 42, 54],
    [34, 46, 58],
    [40, 60],
    [44, 62],
    [46, 63],
  ],
};

/** SVT-AV1 takes no more; nothing that is probed comes near it. */
const unlimitedKbps = 100_000;
