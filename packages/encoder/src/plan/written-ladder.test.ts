import { expect, test } from "vitest";
import { fixedLadder } from "./ladder.ts";
import { parseLadder, requireLadder } from "./written-ladder.ts";

const rung = { width: 1920, height: 1080, maxrate_kbps: 6000, crf: 22 };
const below = { width: 1280, height: 720, maxrate_kbps: 3000 };

test("a ladder is read from a list, or from its field of a file", () => {
  const read = [
    { width: 1920, height: 1080, maxrateKbps: 6000, crf: 22 },
    { width: 1280, height: 720, maxrateKbps: 3000 },
  ];
  expect(parseLadder([rung, below])).toEqual(read);
  expect(parseLadder({ rungs: [rung, below] })).toEqual(read);
  expect(parseLadder([rung, { ...rung, maxrate_kbps: 4000, crf: 25 }])).toHaveLength(2);
  expect(requireLadder(fixedLadder)).toBe(fixedLadder);
});

test.each([
  ["nothing", null, "It is no list of rungs"],
  ["a text", "1080p", "It is no list of rungs"],
  ["an empty list", [], "It has no rung"],
  ["too many", Array.from({ length: 17 }, () => rung), "It has 17 rungs"],
  ["a field that has no meaning", [{ ...rung, bitrate: 3 }], "Rung 1 has a field bitrate"],
  ["no size", [rung, { maxrate_kbps: 3000 }], "Rung 2 has no width and height of 16 to 8192 pixels"],
  ["half a pixel", [{ ...rung, width: 1919.5 }], "Rung 1 has no width"],
  ["no rate", [{ width: 1920, height: 1080 }], "Rung 1 has no maxrate_kbps"],
  ["a rate that is a word", [{ ...rung, maxrate_kbps: "high" }], "Rung 1 has no maxrate_kbps"],
  ["a crf without loss", [{ ...rung, crf: 0 }], "Rung 1 has a crf"],
  ["a crf that is a word", [{ ...rung, crf: "best" }], "Rung 1 has a crf"],
  ["sizes that grow", [below, { ...rung, maxrate_kbps: 100 }], "Rung 2 is larger"],
  ["rates that do not fall", [rung, { ...below, maxrate_kbps: 6000 }], "Rung 2 has no lower maxrate_kbps"],
])("a ladder with %s is refused by its code, and the rung is named", (_, value, message) => {
  expect(() => parseLadder(value)).toThrow(
    expect.objectContaining({ code: "ladder_not_valid", message: expect.stringContaining(message) }),
  );
});
