import { expect, test } from "vitest";
import { nextEpisodeFrom, skippableAt, type Marker } from "./markers.ts";

const recap: Marker = { kind: "recap", start_seconds: 0, end_seconds: 20 };
const intro: Marker = { kind: "intro", start_seconds: 20, end_seconds: 60 };
const credits: Marker = { kind: "credits", start_seconds: 580, end_seconds: 600 };
const markers = [recap, intro, credits];

test("What is skipped is what plays, up to a second before its end", () => {
  expect(skippableAt(markers, 0, 600)).toBe(recap);
  expect(skippableAt(markers, 19.5, 600)).toBeUndefined();
  expect(skippableAt(markers, 20, 600)).toBe(intro);
  expect(skippableAt(markers, 60, 600)).toBeUndefined();
});

test("Credits at the end lead to the next episode, those before a last scene are skipped", () => {
  expect(skippableAt(markers, 590, 600)).toBeUndefined();
  expect(nextEpisodeFrom(markers, 600)).toBe(580);
  expect(skippableAt(markers, 590, 640)).toBe(credits);
  expect(nextEpisodeFrom(markers, 640)).toBe(Infinity);
});

test("Without credits the last seconds stand for them", () => {
  expect(nextEpisodeFrom([intro], 600)).toBe(575);
  expect(nextEpisodeFrom([], 100)).toBe(95);
});
