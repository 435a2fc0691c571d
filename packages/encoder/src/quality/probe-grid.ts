import type { VideoRendition } from "../plan/video-rendition.ts";
import type { VideoCodec } from "../plan/video-codecs.ts";
import { smallLines } from "./choose-rungs.ts";
import type { PictureSize } from "../plan/ladder.ts";

/**
 * What is tried of a switching set, from its rungs of the fixed ladder: each size at a few CRFs, without a ceiling. A size is on the hull where
 * larger ones are already coarse, so the smaller it is, the higher its CRFs. Two are enough where the curve between them is short. The sixth size
 * was below the floor's rate before it was better than the fifth.
 *
 * The preset is that of the encode, which a faster one does not predict: against `faster`, `superfast` took 0.94 to 2.45 times the bits at one
 * CRF, by size and by scene, and `veryfast` lost up to 20 VMAF in a slow pan.
 */
export function probesOf(rungs: readonly VideoRendition[]): VideoRendition[] {
  const small = rungs.find(({ height }) => height <= smallLines);
  return rungs.flatMap((rung, index) => {
    const { sizes, fine } = grids[rung.codec];
    const [least, most] = [fine, sizes[index]?.at(-1)];
    const crfs =
      rung === small && most !== undefined ? [least, (least + most) / 2, most] : (sizes[index] ?? []);
    return crfs.map((crf) => ({
      ...rung,
      id: `${rung.id}-crf-${crf}`,
      crf,
      maxrateKbps: unlimitedKbps,
    }));
  });
}

/** More pixels at once than the fixed ladder has, as a film's own ladder has them too; all at once would take three times its memory. */
const pixelsOfLadder = 1.5;

/** The probes in runs that are each encoded from one decode. */
export function probeRuns(rungs: readonly VideoRendition[]): VideoRendition[][] {
  const limit = rungs.reduce((sum, rung) => sum + pixels(rung), 0) * pixelsOfLadder;
  const runs: VideoRendition[][] = [];
  let taken = Number.POSITIVE_INFINITY;
  for (const probe of probesOf(rungs)) {
    if (taken + pixels(probe) > limit) {
      runs.push([]);
      taken = 0;
    }
    runs.at(-1)?.push(probe);
    taken += pixels(probe);
  }
  return runs;
}

function pixels({ width, height }: PictureSize): number {
  return width * height;
}

/** A hardware encoder keeps its ladder: most have no constant quality. HDR has no VMAF model. */
export function isProbed({
  encoder,
  dynamicRange,
}: Pick<VideoRendition, "encoder" | "dynamicRange">): boolean {
  return dynamicRange === "sdr" && ["libx264", "libx265", "libsvtav1"].includes(encoder);
}

interface Grid {
  /** From the largest size down. */
  sizes: readonly (readonly number[])[];
  /** Of the largest size of those that are small: it is watched by who may have no more. */
  fine: number;
}

/**
 * H.264 at 1080p: with these, rates were met to 3 % and scores to 1 between the probes, and the hull of eight films had each size within its
 * range.
 */
const h264Grid: Grid = {
  sizes: [
    [22, 29, 36],
    [24, 31, 38],
    [28, 41],
    [30, 42],
    [32, 45],
  ],
  fine: 22,
};

const grids: Readonly<Record<VideoCodec, Grid>> = {
  h264: h264Grid,
  // Not measured for itself.
  hevc: h264Grid,
  av1: {
    sizes: [
      [30, 42, 54],
      [34, 46, 58],
      [40, 60],
      [44, 62],
      [46, 63],
    ],
    fine: 30,
  },
};

/** SVT-AV1 takes no more; nothing that is probed comes near it. */
const unlimitedKbps = 100_000;
