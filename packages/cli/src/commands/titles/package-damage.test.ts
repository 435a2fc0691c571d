import { expect, test } from "vitest";
import { jsonFields } from "../../json-fields.ts";
import { damageLines } from "./package-damage.ts";

test("what is lost of a master is told with its places", () => {
  const damage = {
    damaged_frames: 41,
    missing_frames: 1,
    silent_seconds: 0.304,
    ranges: [
      { start_seconds: 12.4, end_seconds: 14, damaged_frames: 40, missing_frames: 0 },
      { start_seconds: 3661, end_seconds: 3661.1, damaged_frames: 1, missing_frames: 1 },
    ],
  };
  expect(damageLines(jsonFields(damage))).toEqual([
    "41 frames damaged, 1 frame missing, 0.30 s of sound silent",
    "0:12.400 - 0:14.000: 40 frames damaged",
    "1:01:01.000 - 1:01:01.100: 1 frame damaged, 1 frame missing",
  ]);
});

test("a whole master has none, and a strict encode has nothing to say of it", () => {
  const damage = { damaged_frames: 0, missing_frames: 0, silent_seconds: 0, ranges: [] };
  expect(damageLines(jsonFields(damage))).toEqual(["none, though it was tolerated"]);
  expect(damageLines(jsonFields(undefined))).toEqual([]);
});
