import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTimePoint } from "./time-point.ts";

const film = { num: 24, den: 1 };
const ntscFilm = { num: 24000, den: 1001 };
const ntsc = { num: 30000, den: 1001 };

test.each([
  ["65", 65],
  ["65.25", 65.25],
  ["1:05", 65],
  ["00:01:05", 65],
  ["01:32:00.040", 5520.04],
  ["00:01:05:12", 65.5],
] as const)("%s is %d s", (text, seconds) => {
  expect(parseTimePoint(text, film)).toBeCloseTo(seconds, 9);
});

test.each([
  "",
  "1:60",
  "00:60:00",
  "00:00:60",
  "-5",
  "1e3",
  "1:5",
  "00:01:05:24",
  "00:01:05;12",
  "5 s",
  "1:2:3:4:5",
])("%j is no time of a film of 24 frames a second", (text) => {
  expect(parseTimePoint(text, film)).toBeNull();
});

test("timecode counts frames: an hour of it is longer than an hour where frames are, and drop frame makes up for that", () => {
  expect(parseTimePoint("01:00:00:00", ntscFilm)).toBeCloseTo(3603.6, 6);
  expect(parseTimePoint("01:00:00:00", ntsc)).toBeCloseTo(3603.6, 6);
  expect(parseTimePoint("01:00:00;00", ntsc)).toBeCloseTo(3599.9964, 4);
  expect(parseTimePoint("00:00:59;29", ntsc)).toBeCloseTo((1799 * 1001) / 30000, 9);
  expect(parseTimePoint("00:01:00;02", ntsc)).toBeCloseTo((1800 * 1001) / 30000, 9);
});

test("the two numbers that drop frame leaves out name no frame, but in every tenth minute", () => {
  expect(parseTimePoint("00:01:00;00", ntsc)).toBeNull();
  expect(parseTimePoint("00:10:00;00", ntsc)).toBeCloseTo(17_982 * (1001 / 30000), 9);
});

test("a drop-frame master's first frame is 0, and its timecode goes on from there", () => {
  expect(parseTimePoint("01:00:00;00", ntsc, "01:00:00;00")).toBe(0);
  expect(parseTimePoint("01:01:00;02", ntsc, "01:00:00;00")).toBeCloseTo((1800 * 1001) / 30000, 9);
  expect(parseTimePoint("00:00:10;00", ntsc, "01:00:00;00")).toBeCloseTo((300 * 1001) / 30000, 9);
});

test("every frame of a film has one timecode, and it leads back to the frame", () => {
  const rates = fc.constantFrom(film, ntscFilm, { num: 25, den: 1 }, { num: 60000, den: 1001 });
  fc.assert(
    fc.property(rates, fc.nat(2_000_000), (rate, frame) => {
      const nominal = Math.round(rate.num / rate.den);
      const pad = (value: number): string => String(Math.floor(value)).padStart(2, "0");
      const seconds = Math.floor(frame / nominal);
      const hours = pad(seconds / 3600);
      const timecode = `${hours}:${pad((seconds / 60) % 60)}:${pad(seconds % 60)}:${pad(frame % nominal)}`;
      expect(parseTimePoint(timecode, rate)).toBeCloseTo((frame * rate.den) / rate.num, 6);
    }),
  );
});
