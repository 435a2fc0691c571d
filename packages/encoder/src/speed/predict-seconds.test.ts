import fc from "fast-check";
import { expect, test } from "vitest";
import { makespan } from "./predict-seconds.ts";

const chunksOf = (seconds: number[], threads: number) =>
  seconds.map((length) => ({ seconds: length, threads }));

test.each([
  { seconds: [10, 10, 10], threads: 1, workers: 2, cores: 2, otherLoad: 0, expected: 20 },
  { seconds: [10, 10, 10], threads: 2, workers: 2, cores: 2, otherLoad: 0, expected: 15 },
  { seconds: [10], threads: 2, workers: 2, cores: 2, otherLoad: 0, expected: 5 },
  { seconds: [10], threads: 2, workers: 2, cores: 1, otherLoad: 0, expected: 10 },
  { seconds: [5], threads: 1, workers: 8, cores: 8, otherLoad: 0, expected: 5 },
  { seconds: [30, 10, 10, 10], threads: 1, workers: 2, cores: 2, otherLoad: 0, expected: 30 },
  { seconds: [10, 10], threads: 1, workers: 2, cores: 2, otherLoad: 2, expected: 20 },
])("$seconds s on $threads threads each take $workers workers on $cores cores $expected s", (given) => {
  expect(makespan(chunksOf(given.seconds, given.threads), given)).toBeCloseTo(given.expected, 6);
});

test("workers that share the chunks need no more than one alone, and no less than their part of it", () => {
  const lengths = fc.array(fc.double({ min: 0.01, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 50 });
  const threadsOfOne = fc.double({ min: 1, max: 4, noNaN: true });
  fc.assert(
    fc.property(lengths, threadsOfOne, fc.integer({ min: 1, max: 64 }), (seconds, threads, workers) => {
      const [all, longest] = [seconds.reduce((sum, length) => sum + length, 0), Math.max(...seconds)];
      const took = makespan(chunksOf(seconds, threads), { workers, cores: workers, otherLoad: 0 });
      expect(took).toBeLessThanOrEqual(all / workers + longest + 1e-3);
      expect(took).toBeGreaterThanOrEqual(Math.max(longest / threads, all / workers) - 1e-3);
    }),
  );
});
