import { expect, test } from "vitest";
import type { CueSettings } from "./cue.ts";
import { withoutBoxAlignment } from "./line-height.ts";

test.each<[string, CueSettings, CueSettings]>([
  [
    "a box that ends at 90 %",
    { line: { value: 90, percent: true, align: "end" } },
    { line: { value: 78, percent: true } },
  ],
  [
    "one around the middle",
    { line: { value: 50, percent: true, align: "center" } },
    { line: { value: 44, percent: true } },
  ],
  [
    "one that ends in the last line",
    { line: { value: -1, percent: false, align: "end" } },
    { line: { value: -2, percent: false } },
  ],
  [
    "one that ends in the first",
    { line: { value: 0, percent: false, align: "end" } },
    { line: { value: 0, percent: false } },
  ],
  [
    "a centred text whose left edge is given",
    { position: { percent: 20, align: "line-left" }, sizePercent: 40 },
    { position: { percent: 40 }, sizePercent: 40 },
  ],
  [
    "what has none",
    { line: { value: 10, percent: true }, align: "end" },
    { line: { value: 10, percent: true }, align: "end" },
  ],
])("two lines of %s", (_, before, after) => {
  expect(withoutBoxAlignment(before, 2)).toEqual(after);
});
