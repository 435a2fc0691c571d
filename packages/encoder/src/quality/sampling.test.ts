import fc from "fast-check";
import { expect, test } from "vitest";
import { planVideo, type VideoOptions } from "../plan/plan-video.ts";
import { presets } from "../plan/preset.ts";
import { fixedLadderSeconds, sampleSeconds } from "./cost.ts";
import { planSampling, shortestSeconds } from "./sampling.ts";

const frameRate = { num: 24, den: 1 };

function planOf(
  seconds: number,
  options: VideoOptions = {},
  [width, height]: readonly [number, number] = [1920, 1080],
) {
  const film = { shown: { width, height }, framesPerSecond: 24, dynamicRange: "sdr" as const };
  const { renditions } = planVideo(film, options);
  return { video: renditions, poster: film.shown, expectedFrames: seconds * 24, gopFrames: 48, frameRate };
}

test("the analysis never takes more than 15 % of the encode, and at least four samples", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20_000 }),
      fc.constantFrom(...presets),
      fc.subarray(["hevc", "av1"] as const),
      fc.constantFrom([3840, 2160] as const, [1920, 800] as const, [640, 360] as const),
      (seconds, preset, codecs, size) => {
        const plan = planOf(seconds, { preset, codecs }, size);
        const sampling = planSampling(plan);
        if (!sampling) {
          expect(seconds).toBeLessThan(shortestSeconds(plan) + 1);
          return;
        }
        expect(sampling.samples).toBeGreaterThanOrEqual(4);
        expect(sampling.samples * sampling.framesEach).toBeLessThan(plan.expectedFrames / 3);
        const share =
          (sampling.samples * sampleSeconds(plan, sampling.framesEach)) / fixedLadderSeconds(plan);
        expect(share).toBeLessThanOrEqual(0.15);
      },
    ),
  );
});

test("at the default preset, an episode is analysed and a trailer is not", () => {
  expect(planSampling(planOf(150))).toBeNull();
  expect(planSampling(planOf(22 * 60))?.samples).toBeGreaterThan(20);
  expect(planSampling(planOf(7200))).toEqual({ samples: 32, framesEach: 48 });
});
