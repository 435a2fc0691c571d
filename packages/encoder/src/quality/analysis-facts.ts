import type { FrameRate } from "../plan/frame-rate.ts";
import { fps } from "../plan/frame-rate.ts";
import type { LadderAnalysis, TitleAnalysis } from "./analyse.ts";
import type { Viewing } from "./metric.ts";

/** How a film's own rungs were found, as the report tells it. */
export interface AnalysisFacts {
  viewedAt: Viewing;
  samples: { startSeconds: number; seconds: number; weight: number }[];
  ladders: LadderAnalysis[];
}

export function analysisFacts({ viewing, samples, ladders }: TitleAnalysis, rate: FrameRate): AnalysisFacts {
  return {
    viewedAt: viewing,
    samples: samples.map(({ firstFrame, frames, weight }) => ({
      startSeconds: round(firstFrame / fps(rate)),
      seconds: round(frames / fps(rate)),
      weight: round(weight),
    })),
    ladders: ladders.map(({ switchingSet, hull, rungs }) => ({
      switchingSet,
      hull: hull.map(rounded),
      rungs: rungs.map(rounded),
    })),
  };
}

function rounded<Point extends { kbps: number; score: number }>(point: Point): Point {
  return { ...point, kbps: round(point.kbps), score: round(point.score) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
