export interface CurvePoint {
  x: number;
  y: number;
}

/** A smooth curve through all points that rises and falls only where they do. */
export interface MonotoneCurve {
  from: number;
  to: number;
  /** Outside of the points the nearest end's value: nothing is known there. */
  at(x: number): number;
  /** The area under the curve, from and to within the points. */
  integral(from: number, to: number): number;
}

interface Knot extends CurvePoint {
  slope: number;
}

/**
 * Piecewise cubic Hermite interpolation with the slopes of Fritsch and Butland (PCHIP), which JVET's sheet for BD rates uses too.
 * Takes the points in any order; of several with one x the last counts. Throws a RangeError where there are fewer than two.
 */
export function monotoneCurve(points: readonly CurvePoint[]): MonotoneCurve {
  const sorted = [...new Map(points.map((point) => [point.x, point])).values()].toSorted((a, b) => a.x - b.x);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || first === last) throw new RangeError("A curve needs at least two points.");
  const knots = withSlopes(sorted);
  const pieces = knots.slice(1).map((right, index) => ({ left: knots[index] ?? right, right }));
  return {
    from: first.x,
    to: last.x,
    at(x) {
      if (x <= first.x) return first.y;
      const piece = pieces.find(({ right }) => x <= right.x);
      return piece ? valueIn(piece, x) : last.y;
    },
    integral: (from, to) => pieces.reduce((sum, piece) => sum + areaIn(piece, from, to), 0),
  };
}

interface Piece {
  left: Knot;
  right: Knot;
}

function withSlopes(points: readonly CurvePoint[]): Knot[] {
  const widths = points.slice(1).map((point, index) => point.x - (points[index]?.x ?? 0));
  const secants = points
    .slice(1)
    .map((point, index) => (point.y - (points[index]?.y ?? 0)) / (widths[index] ?? 1));
  return points.map((point, index) => {
    const [before, after] = [secants[index - 1], secants[index]];
    const [widthBefore = 1, widthAfter = 1] = [widths[index - 1], widths[index]];
    if (before === undefined || after === undefined) {
      const [near = 0, far] = before === undefined ? [after, secants[1]] : [before, secants.at(-2)];
      const [own, next] =
        before === undefined ? [widthAfter, widths[1] ?? 1] : [widthBefore, widths.at(-2) ?? 1];
      return {
        ...point,
        slope: secants.length === 1 || far === undefined ? near : endSlope(near, far, own, next),
      };
    }
    if (before * after <= 0) return { ...point, slope: 0 };
    // Their weighted harmonic mean.
    const [first, second] = [2 * widthAfter + widthBefore, widthAfter + 2 * widthBefore];
    return { ...point, slope: (first + second) / (first / before + second / after) };
  });
}

/** A three-point estimate that keeps the shape. */
function endSlope(near: number, far: number, own: number, next: number): number {
  const slope = ((2 * own + next) * near - own * far) / (own + next);
  if (Math.sign(slope) !== Math.sign(near)) return 0;
  return Math.sign(near) !== Math.sign(far) && Math.abs(slope) > 3 * Math.abs(near) ? 3 * near : slope;
}

function valueIn({ left, right }: Piece, x: number): number {
  const width = right.x - left.x;
  const t = (x - left.x) / width;
  const [t2, t3] = [t * t, t * t * t];
  return (
    left.y * (2 * t3 - 3 * t2 + 1) +
    left.slope * width * (t3 - 2 * t2 + t) +
    right.y * (3 * t2 - 2 * t3) +
    right.slope * width * (t3 - t2)
  );
}

/** Simpson's rule is exact for a cubic. */
function areaIn(piece: Piece, from: number, to: number): number {
  const [start, end] = [Math.max(from, piece.left.x), Math.min(to, piece.right.x)];
  if (end <= start) return 0;
  const middle = valueIn(piece, (start + end) / 2);
  return ((end - start) / 6) * (valueIn(piece, start) + 4 * middle + valueIn(piece, end));
}
