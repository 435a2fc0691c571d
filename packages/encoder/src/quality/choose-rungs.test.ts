import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate } from "./candidates.ts";
import { chooseRungs, type RungLimits, smallLines } from "./choose-rungs.ts";

const limits: RungLimits = {
  ceilingScore: 95,
  maxrateKbps: 7800,
  smallMaxrateKbps: 1100,
  floorKbps: 145,
  maxRungs: 6,
};
const sizes = [1080, 720, 540, 432, 360, 234].map((height) => ({
  width: Math.round((height * 16) / 9),
  height,
}));

/** A title whose pictures need `kbps` at CRF 22 in the largest size, and whose small sizes lose `blur` of the score at each step. */
function title(kbps: number, blur = 0.05): Candidate[] {
  return sizes.flatMap((size, step) =>
    Array.from({ length: 49 }, (_, index) => {
      const crf = 20 + index / 2;
      const rate = kbps * 0.55 ** step * 2 ** ((22 - crf) / 6);
      const score = (100 * (1 - blur) ** step) / (1 + Math.exp((crf - 40) / 6));
      return { ...size, crf, kbps: rate, score };
    }),
  );
}

const rates = fc.double({ min: 200, max: 60_000, noNaN: true });
const blurs = fc.double({ min: 0, max: 0.2, noNaN: true });

describe("for any title", () => {
  test("rates, scores and ceilings fall, and there are no more rungs than asked for", () => {
    fc.assert(
      fc.property(rates, blurs, fc.integer({ min: 1, max: 8 }), (kbps, blur, maxRungs) => {
        const rungs = chooseRungs(title(kbps, blur), { ...limits, maxRungs });
        expect(rungs.length).toBeGreaterThan(0);
        expect(rungs.length).toBeLessThanOrEqual(maxRungs);
        for (const [index, rung] of rungs.entries()) {
          const above = rungs[index - 1];
          if (!above) continue;
          expect(rung.kbps).toBeLessThan(above.kbps);
          expect(rung.score).toBeLessThan(above.score);
          expect(rung.maxrateKbps).toBeLessThan(above.maxrateKbps);
        }
      }),
    );
  });

  test("no large size has more than two, larger ones stand above smaller ones, and no rung spends on average what it may at most", () => {
    fc.assert(
      fc.property(rates, blurs, (rate, blur) => {
        const candidates = title(rate, blur);
        const rungs = chooseRungs(candidates, limits);
        const large = rungs.map(({ height }) => height).filter((height) => height > smallLines);
        expect(large).toEqual(large.toSorted((a, b) => b - a));
        for (const size of large)
          expect(large.filter((height) => height === size).length).toBeLessThanOrEqual(2);
        const cheapest = Math.min(...candidates.map(({ kbps }) => kbps));
        for (const { kbps, maxrateKbps } of rungs) {
          if (kbps > cheapest) expect(kbps).toBeLessThanOrEqual(maxrateKbps);
        }
      }),
    );
  });

  test("neither the order of the candidates nor any that is dominated changes a thing", () => {
    fc.assert(
      fc.property(rates, blurs, (rate, blur) => {
        const candidates = title(rate, blur);
        const rungs = chooseRungs(candidates, limits);
        expect(chooseRungs(candidates.toReversed(), limits)).toEqual(rungs);
        const worse = candidates.map((point) => ({
          ...point,
          kbps: point.kbps * 1.01,
          score: point.score - 0.01,
        }));
        expect(chooseRungs([...candidates, ...worse], limits)).toEqual(rungs);
      }),
    );
  });
});

test("no rung is better than the ceiling asks for, and the last one fits a bad network", () => {
  const rungs = chooseRungs(title(4000), limits);
  expect(rungs[0]?.score).toBeGreaterThanOrEqual(95);
  expect(rungs[0]?.score).toBeLessThan(95.5);
  expect(rungs.at(-1)?.maxrateKbps).toBeLessThanOrEqual(145);
  expect(rungs.length).toBeGreaterThanOrEqual(4);
});

test("a title that would need more than the cap gets what the cap gives", () => {
  const [top] = chooseRungs(title(40_000), limits);
  expect(top?.kbps).toBeLessThanOrEqual(7800 * 0.75);
  expect(top?.maxrateKbps).toBe(7800);
});

test("steps are at least half a doubling apart, but for the small picture between them, and none is missing in the middle", () => {
  const rungs = chooseRungs(title(4000), limits);
  const ratiosOf = (list: typeof rungs) =>
    list.slice(1).map((rung, index) => (list[index]?.kbps ?? 0) / rung.kbps);
  expect(Math.max(...ratiosOf(rungs))).toBeLessThan(4);
  expect(Math.min(...ratiosOf(rungs.filter(({ height }) => height > smallLines)))).toBeGreaterThanOrEqual(
    1.5,
  );
});

test("who may have a small picture only gets one that is worth it, and the ladder rises through it", () => {
  for (const kbps of [1500, 4000, 12_000]) {
    const rungs = chooseRungs(title(kbps, 0.1), limits);
    const small = rungs.filter(({ height }) => height <= smallLines);
    const bestOfSize = Math.max(
      ...title(kbps, 0.1)
        .filter(({ height, kbps }) => height === 432 && kbps <= 825)
        .map(({ score }) => score),
    );
    expect(small.length).toBeGreaterThan(0);
    expect(small[0]?.score).toBeGreaterThan(bestOfSize - 12);
    expect(small[0]?.maxrateKbps).toBeLessThanOrEqual(2 * 825);
  }
});

test("a still needs one rung", () => {
  expect(
    chooseRungs(
      title(100).filter(({ height }) => height === 1080),
      limits,
    ),
  ).toHaveLength(1);
});

test("without candidates there is no ladder", () => {
  expect(chooseRungs([], limits)).toEqual([]);
});
