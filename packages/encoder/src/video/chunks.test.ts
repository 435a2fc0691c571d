import fc from "fast-check";
import { expect, test } from "vitest";
import { expectedFramesOf, planChunks } from "./chunks.ts";

const plans = fc.record({
  expectedFrames: fc.integer({ min: 1, max: 2 * 3600 * 24 }),
  frameRate: fc.constantFrom(
    { num: 24000, den: 1001 },
    { num: 24, den: 1 },
    { num: 25, den: 1 },
    { num: 60000, den: 1001 },
  ),
});

function withSegments({
  frameRate,
  ...rest
}: {
  expectedFrames: number;
  frameRate: { num: number; den: number };
}) {
  const segmentFrames = Math.round((frameRate.num / frameRate.den) * 2) * 2;
  return { ...rest, frameRate, segmentFrames };
}

test("chunks cover the film without a gap, each begins with a segment, and only the last has an open end", () => {
  fc.assert(
    fc.property(plans, (film) => {
      const plan = withSegments(film);
      const chunks = planChunks(plan);
      const lengths = chunks.map((chunk) => expectedFramesOf(chunk, plan));
      const starts = lengths.map((_, index) =>
        lengths.slice(0, index).reduce((sum, length) => sum + length, 0),
      );
      expect(chunks.map(({ firstFrame }) => firstFrame)).toEqual(starts);
      expect(starts.filter((start) => start % plan.segmentFrames > 0)).toEqual([]);
      expect(lengths.reduce((sum, length) => sum + length)).toBe(plan.expectedFrames);
      expect(chunks.findIndex(({ frames }) => frames === null)).toBe(chunks.length - 1);
    }),
  );
});

test("they last 10 to 30 seconds where the film is long enough", () => {
  fc.assert(
    fc.property(plans, (film) => {
      const plan = withSegments(film);
      const rate = plan.frameRate.num / plan.frameRate.den;
      const lengths = planChunks(plan).map((chunk) => expectedFramesOf(chunk, plan) / rate);
      expect(Math.max(...lengths)).toBeLessThan(30.1);
      if (lengths.length > 1) expect(Math.min(...lengths)).toBeGreaterThan(9.9);
    }),
  );
});
