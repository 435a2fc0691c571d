import { expect, test } from "vitest";
import { beatenRenditions } from "./beaten.ts";
import { pool } from "./pool-scores.ts";

const viewing = { width: 1920, height: 1080, metric: "vmaf_v0.6.1" } as const;
const judged = (id: string, kbps: number, mean: number, frames = 30) => ({
  id,
  height: Number.parseInt(id, 10),
  kbps,
  score: pool(
    Array.from({ length: frames }, () => mean),
    viewing,
  ),
});

test("a rendition that costs more and looks no better is beaten, by the best of those that cost less", () => {
  const ladder = [
    judged("1080p", 4000, 95),
    judged("720p", 2000, 96),
    judged("540p", 1000, 95.5),
    judged("360p", 500, 80),
  ];
  expect(beatenRenditions(ladder)).toMatchObject([{ id: "1080p", by: { id: "720p" } }]);
  expect(beatenRenditions(ladder.toReversed())).toMatchObject([{ id: "1080p", by: { id: "720p" } }]);
});

test("one that is better, if only a little, stays; and so does the cheapest", () => {
  expect(
    beatenRenditions([judged("1080p", 4000, 96.1), judged("720p", 2000, 96), judged("360p", 500, 10)]),
  ).toEqual([]);
});

test("the best small picture stays, whatever larger one beats it", () => {
  const ladder = [
    judged("720p", 700, 70),
    judged("432p", 800, 66),
    judged("360p", 900, 60),
    judged("234p", 100, 20),
  ];
  expect(beatenRenditions(ladder)).toMatchObject([{ id: "360p", by: { id: "720p" } }]);
});

test("a few frames are no reason to drop one", () => {
  expect(beatenRenditions([judged("1080p", 4000, 90, 7), judged("720p", 2000, 96, 7)])).toEqual([]);
});

test("scores are pooled as libvmaf does, and the first percentile is the worst of less than a hundred", () => {
  const score = pool([90, 80, 70, 100], viewing);
  expect(score).toMatchObject({
    model: "vmaf_v0.6.1",
    mean: 85,
    p1: 70,
    frames: 4,
    viewedAt: { width: 1920, height: 1080 },
  });
  expect(score.harmonicMean).toBeCloseTo(4 / (1 / 91 + 1 / 81 + 1 / 71 + 1 / 101) - 1, 3);
  expect(
    pool(
      Array.from({ length: 200 }, (_, index) => index / 2),
      viewing,
    ).p1,
  ).toBe(1);
});
