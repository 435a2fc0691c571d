import fc from "fast-check";
import { expect, test } from "vitest";
import { fps, gopFrames, gopSeconds, isVariable, outputFrameRate, parseFrameRate } from "./frame-rate.ts";

const rate = (text: string) => parseFrameRate(text) ?? { num: 0, den: 1 };

test.each([
  ["24/1", 48, 2],
  ["24000/1001", 48, 2.002],
  ["25/1", 50, 2],
  ["30000/1001", 60, 2.002],
  ["60000/1001", 120, 2.002],
  ["15/1", 30, 2],
])("a GOP of %s frames a second has %i frames and lasts %f s", (text, frames, seconds) => {
  expect(gopFrames(rate(text))).toBe(frames);
  expect(gopSeconds(rate(text))).toBeCloseTo(seconds, 9);
});

test.each([
  ["23.98 as a millisecond clock writes it", "2997/125", "2997/125", "24000/1001"],
  ["an exact rate", "25/1", "25/1", "25/1"],
  ["a telephone that wavers about 30", "53940/1801", "90000/1", "30000/1001"],
  ["120 frames a second", "120/1", "120/1", "60/1"],
  ["an unusual constant rate", "18/1", "18/1", "18/1"],
])("%s comes out constant", (_, average, real, output) => {
  expect(outputFrameRate(rate(average), rate(real))).toEqual(rate(output));
});

test("no output passes 60 frames a second, and every one is positive", () => {
  const rates = fc.record({
    num: fc.integer({ min: 1, max: 240_000 }),
    den: fc.integer({ min: 1, max: 1001 }),
  });
  fc.assert(
    fc.property(rates, rates, (average, real) => {
      const output = outputFrameRate(average, real);
      expect(fps(output)).toBeGreaterThan(0);
      expect(fps(output)).toBeLessThanOrEqual(60.01);
      expect(gopFrames(output)).toBeGreaterThanOrEqual(1);
    }),
  );
});

test("a variable source is brought to the rate that most of its frames come at", () => {
  const [average, real] = [rate("225/10"), rate("30/1")];
  expect(outputFrameRate(average, real, 29.9)).toEqual(rate("30000/1001"));
  expect(outputFrameRate(average, real, 1)).toEqual(rate("24000/1001"));
  expect(outputFrameRate(average, real, 239)).toEqual(rate("60/1"));
});

test("an unknown rate is none, and rates that differ are variable", () => {
  expect(parseFrameRate("0/0")).toBeNull();
  expect(parseFrameRate(undefined)).toBeNull();
  expect(isVariable(rate("24/1"), rate("24/1"))).toBe(false);
  expect(isVariable(rate("27/1"), rate("30/1"))).toBe(true);
});
