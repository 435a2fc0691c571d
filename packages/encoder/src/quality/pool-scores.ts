import type { PictureSize } from "../plan/ladder.ts";
import type { Metric, Viewing } from "./metric.ts";

/** How one rendition compares with the film, over the frames that were measured. */
export interface RenditionScore {
  /** VMAF of 0 to 100; SSIM of the luma, 0 to 1, where the ffmpeg has no libvmaf. */
  model: Metric;
  mean: number;
  /** Weighs the bad frames more, as libvmaf does. */
  harmonicMean: number;
  /** 99 of 100 frames are better. */
  p1: number;
  frames: number;
  /** Both were brought to this size. */
  viewedAt: PictureSize;
}

export function pool(scores: readonly number[], { width, height, metric }: Viewing): RenditionScore {
  const sorted = scores.toSorted((a, b) => a - b);
  const sum = (read: (score: number) => number): number =>
    sorted.reduce((total, score) => total + read(score), 0);
  return {
    model: metric,
    mean: round(sum((score) => score) / sorted.length),
    harmonicMean: round(sorted.length / sum((score) => 1 / (score + 1)) - 1),
    p1: round(sorted[Math.floor(sorted.length / 100)] ?? 0),
    frames: sorted.length,
    viewedAt: { width, height },
  };
}

function round(score: number): number {
  return Math.round(score * 1000) / 1000;
}
