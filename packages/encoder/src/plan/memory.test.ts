import type { VideoRendition } from "./video-rendition.ts";
import { expect, test } from "vitest";
import { predictMemoryBytes, workersThatFit } from "./memory.ts";

const hd = { width: 1920, height: 1080 };
const rung = (
  width: number,
  height: number,
  preset: VideoRendition["preset"] = "faster",
): VideoRendition => ({
  id: `video-${height}p`,
  codec: "h264",
  dynamicRange: "sdr",
  encoder: "libx264",
  crf: 21,
  preset,
  maxrateKbps: 5000,
  width,
  height,
});

test("memory grows with pixels, rungs, slower presets and a subtitle that is burned in", () => {
  const one = predictMemoryBytes({ video: [rung(1280, 720)] }, hd);
  expect(one).toBeGreaterThan(190_000_000);
  expect(one).toBeLessThan(350_000_000);
  expect(predictMemoryBytes({ video: [rung(1280, 720), rung(640, 360)] }, hd)).toBeGreaterThan(one);
  expect(predictMemoryBytes({ video: [rung(1280, 720, "slower")] }, hd)).toBeGreaterThan(one);
  expect(predictMemoryBytes({ video: [rung(1280, 720)] }, { width: 3840, height: 2160 })).toBeGreaterThan(
    one,
  );
  const burnedSubtitle = { streamIndex: 2, language: "en", size: { width: 1280, height: 720 } };
  expect(predictMemoryBytes({ video: [rung(1280, 720)], burnedSubtitle }, hd)).toBeGreaterThan(one);
});

test("fewer chunks run at once where memory is short, and none where one does not fit", () => {
  expect(workersThatFit(1e9, 8, 100e9)).toBe(8);
  expect(workersThatFit(1e9, 8, 3.5e9)).toBe(3);
  expect(() => workersThatFit(1e9, 8, 0.9e9)).toThrow(expect.objectContaining({ code: "no_memory" }));
});
