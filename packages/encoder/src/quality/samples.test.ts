import fc from "fast-check";
import { expect, test } from "vitest";
import { parseKeyPictures } from "./key-pictures.ts";
import { chooseSamples } from "./samples.ts";

const pictures = fc.array(
  fc.record({
    seconds: fc.double({ min: 0, max: 600, noNaN: true }),
    change: fc.double({ min: 0, max: 100, noNaN: true }),
  }),
  { maxLength: 60 },
);

test("samples lie in the title, one after the other, and stand for all of it", () => {
  fc.assert(
    fc.property(
      pictures,
      fc.integer({ min: 4, max: 16 }),
      fc.constantFrom(24, 30000 / 1001, 50),
      (keyPictures, count, rate) => {
        const expectedFrames = Math.round(600 * rate);
        const frames = Math.round(rate * 2);
        const samples = chooseSamples({ framesPerSecond: rate, expectedFrames, keyPictures }, count, frames);
        expect(samples).toHaveLength(count);
        for (const [index, { firstFrame, weight }] of samples.entries()) {
          expect(firstFrame).toBeGreaterThanOrEqual(
            index === 0 ? 0 : (samples[index - 1]?.firstFrame ?? 0) + frames,
          );
          expect(firstFrame + frames).toBeLessThanOrEqual(expectedFrames);
          expect(weight).toBeGreaterThan(0);
        }
        expect(samples.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
      },
    ),
  );
});

test("each is of the scene that begins nearest to the middle of its stretch, a second of decoding behind its key picture", () => {
  const keyPictures = [
    { seconds: 0, change: 0 },
    { seconds: 20, change: 30 },
    { seconds: 41, change: 4 },
    { seconds: 44, change: 28 },
    { seconds: 100, change: 2 },
  ];
  const samples = chooseSamples({ framesPerSecond: 25, expectedFrames: 4000, keyPictures }, 2, 50);
  expect(samples.map(({ firstFrame }) => firstFrame)).toEqual([45 * 25 + 1, 101 * 25 + 1]);
  const between = (1151 + 2551) / 2 / 4000;
  expect(samples.map(({ weight }) => weight)).toEqual([between, 1 - between]);
});

test("ffmpeg's list of key pictures is read", () => {
  const text =
    "frame:0    pts:0       pts_time:0\nlavfi.scd.mafd=0.000\nframe:1    pts:128000  pts_time:10.416667\nlavfi.scd.mafd=56.319\n";
  expect(parseKeyPictures(text)).toEqual([
    { seconds: 0, change: 0 },
    { seconds: 10.416667, change: 56.319 },
  ]);
});
