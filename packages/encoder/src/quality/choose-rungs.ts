import type { PictureSize } from "../plan/ladder.ts";
import type { Candidate } from "./candidates.ts";
import { convexHull } from "./hull.ts";

export interface RungLimits {
  /** No rung needs a better score than this. */
  ceilingScore: number;
  /** Of the best rung. */
  maxrateKbps: number;
  /** Of the last rung, for bad networks. */
  floorKbps: number;
  maxRungs: number;
}

export interface ChosenRung extends Candidate {
  maxrateKbps: number;
}

/** The difference in VMAF that half of the viewers notice. https://doi.org/10.1117/12.2326998 finds 6 for most content. */
const noticeable = 6;
/** Closer rungs only cost, and switching down to one hardly helps. Apple asks for 1.5 to 2. */
const minRatio = 1.5;
const fullStepRatio = 2;
/** Each costs an encode of all its pixels; near the crossing of two sizes the smaller one is as good. */
const maxPerSize = 2;
/** So much of its maxrate may a rung spend on average: what is left is for its hard scenes. */
const averageShare = 0.75;
/** Apple allows peaks of twice the average. */
const peakRatio = 2;
const maxrateFall = 0.8;

/**
 * From the cheapest candidate that reaches the ceiling (or the best under the cap) down the hull to the floor, in steps that are either seen or
 * that halve the rate. Where that makes too many rungs, the steps grow evenly until they fit. Deterministic; empty only without candidates.
 */
export function chooseRungs(candidates: readonly Candidate[], limits: RungLimits): ChosenRung[] {
  const bottom = bottomOf(candidates, limits.floorKbps * averageShare);
  if (!bottom) return [];
  const cap = Math.max(bottom.kbps, limits.maxrateKbps * averageShare);
  // Below the floor a score over the logarithm of the rate is no longer concave, and its hull would leave out all that lies before.
  const usable = candidates.filter(({ kbps }) => kbps >= bottom.kbps && kbps <= cap);
  const hull = convexHull(usable);
  const top = hull.find(({ score }) => score >= limits.ceilingScore) ?? hull.at(-1) ?? bottom;
  for (let step = 1; ; step *= 1.02) {
    const rungs = walkDown({ top, bottom, hull, usable, step });
    if (rungs.length <= Math.max(1, limits.maxRungs)) return withMaxrates(rungs, limits);
  }
}

/** The best that fits a bad network, or the cheapest where nothing does. */
function bottomOf(candidates: readonly Candidate[], kbps: number): Candidate | undefined {
  const fitting = candidates.filter((point) => point.kbps <= kbps);
  if (fitting.length > 0) return best(fitting);
  return candidates.toSorted((a, b) => a.kbps - b.kbps || b.score - a.score)[0];
}

interface Walk {
  top: Candidate;
  bottom: Candidate;
  hull: readonly Candidate[];
  usable: readonly Candidate[];
  /** 1 is a difference that is noticed, or half the rate. */
  step: number;
}

function walkDown({ top, bottom, hull, usable, step }: Walk): Candidate[] {
  const rungs = [top];
  for (let above = top; ;) {
    const next = hull.findLast(
      (point) => above.kbps / point.kbps >= minRatio && distance(above, point) >= step,
    );
    const rung = next && bestAllowed(rungs, usable, next);
    if (!rung || rung.kbps < bottom.kbps * minRatio) break;
    rungs.push(rung);
    above = rung;
  }
  return bottom.kbps < top.kbps ? [...rungs, bestAllowed(rungs, usable, bottom) ?? bottom] : rungs;
}

function distance(above: Candidate, below: Candidate): number {
  const seen = (above.score - below.score) / noticeable;
  return Math.max(seen, Math.log2(above.kbps / below.kbps) / Math.log2(fullStepRatio));
}

/** The hull's own point, or the best of a smaller picture for its rate where that size has its rungs already. */
function bestAllowed(
  above: readonly Candidate[],
  usable: readonly Candidate[],
  wanted: Candidate,
): Candidate | undefined {
  const smallest = Math.min(...above.map(pixels));
  const full = above.filter((rung) => pixels(rung) === smallest).length >= maxPerSize;
  const fits = (point: Candidate) => (full ? pixels(point) < smallest : pixels(point) <= smallest);
  return fits(wanted) ? wanted : best(usable.filter((point) => fits(point) && point.kbps <= wanted.kbps));
}

function best(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.toSorted((a, b) => b.score - a.score || a.kbps - b.kbps)[0];
}

function withMaxrates(rungs: readonly Candidate[], { maxrateKbps, floorKbps }: RungLimits): ChosenRung[] {
  let limit = maxrateKbps;
  return rungs.map((rung, index) => {
    const isFloor = index > 0 && rung.kbps <= floorKbps * averageShare;
    const own = Math.min(limit, isFloor ? floorKbps : rung.kbps * peakRatio);
    limit = own * maxrateFall;
    return { ...rung, maxrateKbps: Math.max(16, Math.round(own)) };
  });
}

function pixels({ width, height }: PictureSize): number {
  return width * height;
}
