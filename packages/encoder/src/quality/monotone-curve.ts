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
  const pieces = piecesOf(sorted);
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

/** Between two points that follow one another. */
interface Span {
  width: number;
  /** Of the straight line. */
  slope: number;
}

interface Piece {
  left: Knot;
  right: Knot;
}

function piecesOf(points: readonly CurvePoint[]): Piece[] {
  const spans = points.slice(1).map((right, index): Span => {
    const left = points[index] ?? right;
    const width = right.x - left.x;
    return { width, slope: (right.y - left.y) / width };
  });
  const knots = points.map((point, index): Knot => {
    const [before, after] = [spans[index - 1], spans[index]];
    if (before && after) return { ...point, slope: innerSlope(before, after) };
    const [own, next] = after ? [after, spans[1]] : [before, spans.at(-2)];
    return { ...point, slope: own ? endSlope(own, next) : 0 };
  });
  return knots.slice(1).map((right, index) => ({ left: knots[index] ?? right, right }));
}

/** The weighted harmonic mean of both sides; level where the points turn. */
function innerSlope(before: Span, after: Span): number {
  if (before.slope * after.slope <= 0) return 0;
  const [first, second] = [2 * after.width + before.width, after.width + 2 * before.width];
  return (first + second) / (first / before.slope + second / after.slope);
}

/** A three-point estimate that keeps the shape. */
function endSlope(own: Span, next?: Span): number {
  if (!next) return own.slope;
  const slope =
    ((2 * own.width + next.width) * own.slope - own.width * next.slope) / (own.width + next.width);
  if (Math.sign(slope) !== Math.sign(own.slope)) return 0;
  const turns = Math.sign(own.slope) !== Math.sign(next.slope);
  return turns && Math.abs(slope) > 3 * Math.abs(own.slope) ? 3 * own.slope : slope;
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
