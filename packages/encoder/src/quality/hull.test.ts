import fc from "fast-check";
import { expect, test } from "vitest";
import { convexHull, type RatePoint } from "./hull.ts";

const point = fc.record({
  kbps: fc.double({ min: 20, max: 20_000, noNaN: true }),
  score: fc.double({ min: 0, max: 100, noNaN: true }),
});
const points = fc.array(point, { minLength: 1, maxLength: 40 });
const pairs = <T>(list: readonly T[]) =>
  list.slice(1).map((next, index) => [list[index] ?? next, next] as const);

/** The hull's score at a rate, along its chords. */
function heightAt(hull: readonly RatePoint[], kbps: number): number {
  const chord = pairs(hull).find(([a, b]) => a.kbps <= kbps && kbps <= b.kbps);
  if (!chord) return (hull.findLast((point) => point.kbps <= kbps) ?? { score: Number.NaN }).score;
  const [a, b] = chord;
  return a.score + ((b.score - a.score) * Math.log(kbps / a.kbps)) / Math.log(b.kbps / a.kbps);
}

test("both rate and score rise along it, and each doubling of the rate buys less", () => {
  fc.assert(
    fc.property(points, (all) => {
      const hull = convexHull(all);
      const gains = pairs(hull).map(([a, b]) => {
        expect(b.kbps).toBeGreaterThan(a.kbps);
        expect(b.score).toBeGreaterThan(a.score);
        return (b.score - a.score) / Math.log2(b.kbps / a.kbps);
      });
      for (const [before, after] of pairs(gains)) expect(after).toBeLessThan(before);
    }),
  );
});

test("no point lies above it, and none on it is dominated", () => {
  fc.assert(
    fc.property(points, (all) => {
      const hull = convexHull(all);
      for (const { kbps, score } of all) expect(score).toBeLessThanOrEqual(heightAt(hull, kbps) + 1e-6);
      for (const chosen of hull) {
        expect(all.some(({ kbps, score }) => kbps <= chosen.kbps && score > chosen.score)).toBe(false);
        expect(all.some(({ kbps, score }) => kbps < chosen.kbps && score >= chosen.score)).toBe(false);
      }
    }),
  );
});

test("it does not depend on the order of the points", () => {
  const shuffled = points.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(convexHull(other)).toEqual(convexHull(all));
    }),
  );
});

test("where resolutions cross, each is on it in its own range", () => {
  const large = [400, 800, 1600, 3200].map((kbps, index) => ({
    size: "large",
    kbps,
    score: [40, 62, 80, 91][index] ?? 0,
  }));
  const small = [400, 800, 1600, 3200].map((kbps, index) => ({
    size: "small",
    kbps,
    score: [55, 68, 75, 78][index] ?? 0,
  }));
  expect(convexHull([...large, ...small]).map(({ size, kbps }) => `${size} ${kbps}`)).toEqual([
    "small 400",
    "small 800",
    "large 1600",
    "large 3200",
  ]);
});
