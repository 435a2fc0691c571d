import { monotoneCurve } from "../../packages/encoder/src/quality/monotone-curve.ts";

/** One encode of a ladder. */
export interface RatedPoint {
  kbps: number;
  score: number;
}

/**
 * How many bits more (or, below 0, less) the second ladder takes for the same score, as a share: Bjøntegaard's measure (ITU-T VCEG-M33) with the
 * piecewise cubic interpolation of JVET's common test conditions, over the scores that both reach. Null where they have none in common.
 */
export function bdRate(anchor: readonly RatedPoint[], tested: readonly RatedPoint[]): number | null {
  if (anchor.length < 2 || tested.length < 2) return null;
  const [one, other] = [rateOverScore(anchor), rateOverScore(tested)];
  const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
  if (to <= from) return null;
  return Math.exp((other.integral(from, to) - one.integral(from, to)) / (to - from)) - 1;
}

function rateOverScore(points: readonly RatedPoint[]) {
  return monotoneCurve(points.map(({ kbps, score }) => ({ x: score, y: Math.log(kbps) })));
}
