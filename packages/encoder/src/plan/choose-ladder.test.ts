import { expect, test } from "vitest";
import type { VideoEncoders } from "./video-rendition.ts";
import { chooseLadder } from "./choose-ladder.ts";
import { planVideo } from "./plan-video.ts";

const capabilities = new Set(["libvmaf"]);
const fixed = { from: "fixed" } as const;

function planOf(minutes: number, encoders?: VideoEncoders) {
  const shown = { width: 1920, height: 1080 };
  const { renditions } = planVideo({ shown, framesPerSecond: 24, dynamicRange: "sdr" }, {}, encoders);
  const frames = { expectedFrames: minutes * 60 * 24, gopFrames: 48, frameRate: { num: 24, den: 1 } };
  return { ladder: fixed, video: renditions, poster: shown, ...frames };
}

test("a film that is long enough gets a ladder of its own, unless another is asked for", () => {
  const analysed = { from: "analysis", version: 1, metric: "vmaf", framesEach: 48, samples: 32 };
  expect(chooseLadder(planOf(90), undefined, { capabilities })).toEqual({ ladder: analysed, warnings: [] });
  expect(chooseLadder(planOf(90), "per-title", { capabilities }).ladder).toEqual(analysed);
  expect(chooseLadder(planOf(90), "fixed", { capabilities })).toEqual({ ladder: fixed, warnings: [] });
  const written = { ...planOf(90), ladder: { from: "file" } } as const;
  expect(chooseLadder(written, [], { capabilities })).toEqual({ ladder: { from: "file" }, warnings: [] });
});

const hardware = { h264: "h264_nvenc", hevc: "hevc_nvenc", av1: "av1_nvenc" } as const;

test.each([
  ["is too short", planOf(1), capabilities, "per-title" as const, "shorter than"],
  ["is encoded by hardware", planOf(90, hardware), capabilities, "per-title" as const, "Hardware"],
  ["cannot be judged by VMAF", planOf(90), new Set<string>(), undefined, "libvmaf"],
])("a film that %s gets the fixed one, and the reason is told", (_, plan, capabilities, choice, reason) => {
  expect(chooseLadder(plan, choice, { capabilities })).toEqual({
    ladder: fixed,
    warnings: [{ code: "analysis_skipped", message: expect.stringContaining(reason) }],
  });
});

test("SSIM judges where it is asked for by --ladder per-title", () => {
  const { ladder, warnings } = chooseLadder(planOf(90), "per-title", { capabilities: new Set() });
  expect(ladder).toMatchObject({ from: "analysis", metric: "ssim" });
  expect(warnings).toEqual([]);
});
