import { expect, test } from "vitest";
import { frameRateOf, type CurrentPackage } from "./film-facts.ts";

const rateOf = (frame_rate: number) =>
  frameRateOf({
    renditions: [{ id: "video-1080p", type: "video", codec: "avc1", frame_rate }],
  } as CurrentPackage);

test.each([
  [24, 24],
  [25, 25],
  [59.94005994, 60_000 / 1001],
  [29.97, 30_000 / 1001],
  [23.976023976, 24_000 / 1001],
  [23.976, 24_000 / 1001],
  [12.5, 12.5],
  [60, 60],
])("%d frames a second are as many as the film has, to the last frame of a day", (told, exact) => {
  const { num, den } = rateOf(told);
  expect(Math.abs(num / den - exact) * 86_400).toBeLessThan(0.01);
});
