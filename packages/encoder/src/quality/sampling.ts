import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import { fixedLadderSeconds, sampleSeconds } from "./cost.ts";

/** How much of a title is looked at. */
export interface Sampling {
  samples: number;
  framesEach: number;
}

/** The analysis may take this share of what the encode takes. */
const shareOfEncode = 0.15;
/** Fewer do not stand for a title; with more, the ladder hardly changes. */
const sampleLimits = { least: 4, most: 32 };
/** Room for the frames that are scored. */
const leastFrames = 24;

type SampledPlan = Pick<Plan, "video" | "poster" | "expectedFrames" | "gopFrames">;

/** Samples of one GOP (two seconds), as many as the share allows; null for a title that is too short for it. */
export function planSampling(plan: SampledPlan): Sampling | null {
  const framesEach = sampleFrames(plan);
  const allowed = Math.floor((fixedLadderSeconds(plan) * shareOfEncode) / sampleSeconds(plan, framesEach));
  return allowed < sampleLimits.least ? null : { samples: Math.min(allowed, sampleLimits.most), framesEach };
}

/** The shortest title that is analysed. */
export function shortestSeconds(plan: SampledPlan & Pick<Plan, "frameRate">): number {
  const secondOfFilm = fixedLadderSeconds({ ...plan, expectedFrames: fps(plan.frameRate) });
  return (sampleLimits.least * sampleSeconds(plan, sampleFrames(plan))) / shareOfEncode / secondOfFilm;
}

function sampleFrames({ gopFrames }: Pick<Plan, "gopFrames">): number {
  return gopFrames * Math.ceil(leastFrames / gopFrames);
}
