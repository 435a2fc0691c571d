import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";

/** How much of a title is looked at. */
export interface Sampling {
  samples: number;
  framesEach: number;
}

/** The analysis may take this share of what the encode takes. */
const shareOfEncode = 0.15;
/** A second of a sample takes as long as this many seconds of the fixed ladder: two in encoding, less than two in VMAF. */
const probeCost = 3.5;
/** Fewer do not stand for a title; with more, the ladder hardly changes. */
const sampleLimits = { least: 4, most: 32 };
/** Room for the frames that are scored. */
const leastFrames = 24;

/** Samples of one GOP (two seconds), as many as the share allows; null for a title that is too short for it. */
export function planSampling({
  expectedFrames,
  gopFrames,
}: Pick<Plan, "expectedFrames" | "gopFrames">): Sampling | null {
  const framesEach = gopFrames * Math.ceil(leastFrames / gopFrames);
  const allowed = Math.floor((expectedFrames * shareOfEncode) / probeCost / framesEach);
  return allowed < sampleLimits.least ? null : { samples: Math.min(allowed, sampleLimits.most), framesEach };
}

/** The shortest title that is analysed. */
export function shortestSeconds({ gopFrames, frameRate }: Pick<Plan, "gopFrames" | "frameRate">): number {
  const framesEach = gopFrames * Math.ceil(leastFrames / gopFrames);
  return (sampleLimits.least * framesEach * probeCost) / shareOfEncode / fps(frameRate);
}
