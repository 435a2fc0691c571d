import fc from "fast-check";
import { expect, test } from "vitest";
import { makespan } from "./predict-seconds.ts";

test.each([
  [[10, 10, 10], 2, 20],
  [[10, 10, 10, 10], 2, 20],
  [[5], 8, 5],
  [[30, 10, 10, 10], 2, 30],
])("chunks of %j s take %i workers %i s", (seconds, workers, expected) => {
  expect(makespan(seconds, workers)).toBe(expected);
});

test("workers that share the chunks need no more than one alone, and no less than their part of it", () => {
  const lengths = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 64 }), (seconds, workers) => {
      const [all, longest] = [seconds.reduce((sum, length) => sum + length, 0), Math.max(...seconds)];
      const took = makespan(seconds, workers);
      expect(took).toBeLessThanOrEqual(all / workers + longest + 1e-6);
      expect(took).toBeGreaterThanOrEqual(Math.max(longest, all / workers) - 1e-6);
    }),
  );
});
