import fc from "fast-check";
import { expect, test } from "vitest";
import { bdRate } from "./bd-rate.ts";

const points = (rates: readonly number[], scores: readonly number[]) =>
  rates.map((kbps, index) => ({ kbps, score: scores[index] ?? 0 }));

// The examples of https://github.com/FAU-LMS/bjontegaard, with what its release 1.3.0 answers for `pchip`, which equals JVET's sheet.
test.each([
  [
    points([9487.76, 4593.6, 2486.44, 1358.24], [40.037, 38.615, 36.845, 34.851]),
    points([9787.8, 4469.0, 2451.52, 1356.24], [40.121, 38.651, 36.97, 34.987]),
    -0.04417485350589045,
  ],
  [
    points([82472.76, 26875.24, 9487.76, 4593.6], [43.825, 41.404, 40.037, 38.615]),
    points([99896.96, 33952.04, 9787.8, 4469.0], [44.731, 41.875, 40.121, 38.651]),
    -0.0447218200276197,
  ],
])("a published example has its published value", (anchor, tested, expected) => {
  expect(bdRate(anchor, tested)).toBeCloseTo(expected, 9);
});

test("half the rate everywhere is -50 %, whatever the curve, and a ladder against itself is nothing", () => {
  const curve = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 50, max: 9000 })),
    {
      minLength: 2,
      maxLength: 6,
      selector: ([score]) => score,
    },
  );
  fc.assert(
    fc.property(curve, (pairs) => {
      const anchor = pairs.map(([score, kbps]) => ({ score, kbps }));
      expect(bdRate(anchor, anchor)).toBeCloseTo(0, 9);
      const halved = anchor.map(({ score, kbps }) => ({ score, kbps: kbps / 2 }));
      expect(bdRate(anchor, halved)).toBeCloseTo(-0.5, 9);
    }),
  );
});

test("ladders that share no score do not compare", () => {
  expect(bdRate(points([1, 2], [10, 20]), points([1, 2], [30, 40]))).toBeNull();
  expect(bdRate(points([1], [10]), points([1, 2], [5, 40]))).toBeNull();
});
