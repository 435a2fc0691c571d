import type { PictureSize } from "../plan/ladder.ts";
import type { Candidate } from "./candidates.ts";
import { convexHull } from "./hull.ts";

export interface RungLimits {
  /** No rung needs a better score than this. */
  ceilingScore: number;
  /** Of the best rung. */
  maxrateKbps: number;
  /** Of a picture of at most `smallLines`. */
  smallMaxrateKbps: number;
  /** Of the last rung, for bad networks. */
  floorKbps: number;
  maxRungs: number;
}

export interface ChosenRung extends Candidate {
  maxrateKbps: number;
}

/** The difference in VMAF that viewers notice. */
const noticeable = 6;
/** Between the rates of two rungs, as Apple asks: the smaller where the difference is seen, the larger where it is not. */
const stepRatio = { seen: 1.5, unseen: 2 };
/** Each costs an encode of all its pixels; near the crossing of two sizes the smaller one is as good. */
const maxPerSize = 2;
/** So much of its maxrate may a rung spend on average: what is left is for its hard scenes. */
const averageShare = 0.75;
/** Apple allows peaks of twice the average. */
const peakRatio = 2;
const maxrateFall = 0.8;

/**
 * From the cheapest candidate that reaches the ceiling (or the best under the cap) down the hull to the floor, in steps that are either seen or
 * that halve the rate. Where that makes too many rungs, all steps grow until they fit. Deterministic; empty only without candidates.
 */
export function chooseRungs(candidates: readonly Candidate[], limits: RungLimits): ChosenRung[] {
  const bottom = bottomOf(candidates, limits.floorKbps * averageShare);
  if (!bottom) return [];
  const cap = Math.max(bottom.kbps, limits.maxrateKbps * averageShare);
  const usable = candidates.filter(({ kbps }) => kbps <= cap);
  const smallCap = limits.smallMaxrateKbps * averageShare;
  const small = undominated(usable.filter(({ height, kbps }) => height <= smallLines && kbps <= smallCap));
  const above = usable.filter(({ kbps }) => kbps >= bottom.kbps);
  const curve = withoutHoles(convexHull(above), above);
  const top = curve.find(({ score }) => score >= limits.ceilingScore) ?? curve.at(-1) ?? bottom;
  if (limits.maxRungs < 2) return withMaxrates([top], limits);
  for (let stretch = 1; ; stretch *= 1.02) {
    const walked = walkDown({ top, bottom, curve, usable, stretch });
    const rungs = withSmallPicture(walked, small);
    if (rungs.length <= limits.maxRungs) return withMaxrates(rungs, limits);
    // At last nothing is left between the top and the bottom.
    if (walked.length <= 2) return withMaxrates(walked, limits);
  }
}

/** The best that fits a bad network, or the cheapest where nothing does. */
function bottomOf(candidates: readonly Candidate[], kbps: number): Candidate | undefined {
  const fitting = candidates.filter((point) => point.kbps <= kbps);
  if (fitting.length > 0) return best(fitting);
  return candidates.toSorted((a, b) => a.kbps - b.kbps || b.score - a.score)[0];
}

/**
 * Scores over the logarithm of the rate bend the other way where all is coarse, or grainy, and the hull passes such stretches in one chord. A
 * viewer cannot mix its two ends: there the best of each rate counts.
 */
function withoutHoles(hull: readonly Candidate[], usable: readonly Candidate[]): Candidate[] {
  return hull.flatMap((point, index) => {
    const before = hull[index - 1];
    if (!before || point.kbps / before.kbps < stepRatio.seen) return [point];
    const between = usable.filter(({ kbps }) => kbps > before.kbps && kbps < point.kbps);
    return [...undominated(between).filter(({ score }) => score > before.score), point];
  });
}

/** Those that nothing beats for less, by rising rate. */
function undominated(candidates: readonly Candidate[]): Candidate[] {
  const sorted = candidates.toSorted((a, b) => a.kbps - b.kbps || b.score - a.score);
  let reached = -1;
  return sorted.filter(({ score }) => {
    const isBetter = score > reached;
    reached = Math.max(reached, score);
    return isBetter;
  });
}

interface Walk {
  top: Candidate;
  bottom: Candidate;
  /** By rising rate. */
  curve: readonly Candidate[];
  usable: readonly Candidate[];
  /** Of the steps' ratios. */
  stretch: number;
}

function walkDown({ top, bottom, curve, usable, stretch }: Walk): Candidate[] {
  const rungs = [top];
  for (let above = top; ;) {
    const next = curve.findLast((point) => isStep(above, point, stretch));
    const rung = next && bestAllowed(rungs, usable, next);
    if (!rung || !isStep(rung, bottom, 1)) break;
    rungs.push(rung);
    above = rung;
  }
  if (top.kbps <= bottom.kbps) return rungs;
  const last = bestAllowed(rungs, usable, bottom);
  return last ? [...rungs, last] : [...rungs.slice(0, -1), bottom];
}

/** Where subscriptions and screens stop, when they stop. */
export const smallLines = 480;
/** Room between a small picture and its neighbours, so that a player that may have all has no reason to miss them. */
const smallRoom = { rateAbove: 0.95, rateBelow: 1.2, score: 2 };

/**
 * The hull leaves small pictures for the worst networks, so who may not have a larger one would get nothing else. Under the highest rung for
 * which a small picture is still better than the next one, there is one: players that may have all pass it by, and the ladder still rises.
 */
function withSmallPicture(rungs: readonly Candidate[], small: readonly Candidate[]): Candidate[] {
  for (const [index, lower] of rungs.entries()) {
    const upper = rungs[index - 1];
    const between = small.filter(
      ({ kbps, score }) =>
        upper &&
        kbps <= upper.kbps * smallRoom.rateAbove &&
        kbps >= lower.kbps * smallRoom.rateBelow &&
        score >= lower.score + smallRoom.score,
    );
    const chosen = best(between);
    if (chosen) return rungs.toSpliced(index, 0, chosen);
    if (lower.height <= smallLines) break;
  }
  return [...rungs];
}

function isStep(above: Candidate, below: Candidate, stretch: number): boolean {
  const isSeen = above.score - below.score >= noticeable;
  return above.kbps / below.kbps >= (isSeen ? stepRatio.seen : stepRatio.unseen) * stretch;
}

/** The curve's own point, or the best of a smaller picture for its rate where that size has its rungs already. */
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
