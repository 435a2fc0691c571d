/** What an encode costs and gives. */
export interface RatePoint {
  kbps: number;
  /** As the viewer sees it, 0 to 100. */
  score: number;
}

/**
 * The upper convex hull over the logarithm of the rate, from the lowest rate to the best score: on it no other point, and no mixture of two,
 * gives more for the same bits. Each further bit buys less than the one before it. Rates must be positive.
 */
export function convexHull<Point extends RatePoint>(points: readonly Point[]): Point[] {
  // Of equal rates the better comes first, so that the others fall off as dominated.
  const sorted = points.toSorted((a, b) => a.kbps - b.kbps || b.score - a.score);
  const hull: Point[] = [];
  for (const point of sorted) {
    const best = hull.at(-1);
    if (best && point.score <= best.score) continue;
    while (isUnderChord(hull.at(-2), hull.at(-1), point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

function isUnderChord(left?: RatePoint, middle?: RatePoint, right?: RatePoint): boolean {
  if (!left || !middle || !right) return false;
  return gain(left, middle) <= gain(middle, right);
}

/** Score a doubling of the rate. */
function gain(from: RatePoint, to: RatePoint): number {
  return (to.score - from.score) / Math.log2(to.kbps / from.kbps);
}
