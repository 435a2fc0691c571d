import fc from "fast-check";
import { expect, test } from "vitest";
import { framesToMeasure, leadFrames } from "./measured-frames.ts";

const frameRate = { num: 24, den: 1 };

test("frames lie in the film, with neighbours that VMAF needs, each in one window", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500_000 }), (frames) => {
      const all = framesToMeasure(frames, { frameRate }).flat();
      for (const [index, frame] of all.entries()) {
        expect(frame).toBeGreaterThanOrEqual((all[index - 1] ?? 0) + leadFrames);
        expect(frame + 1).toBeLessThan(frames);
      }
    }),
  );
});

test.each([
  [4, 0],
  [30 * 24, 2],
  [600 * 24, 30],
  [7200 * 24, 120],
])("of %i frames, %i are measured", (frames, count) => {
  expect(framesToMeasure(frames, { frameRate }).flat()).toHaveLength(count);
});
