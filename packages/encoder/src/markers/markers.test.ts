import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EncoderError } from "../errors.ts";
import { type MarkerInput, resolveMarkers } from "./markers.ts";

const film = { frameRate: { num: 24, den: 1 }, durationSeconds: 120, startTimecode: null };
const codeOf = (...inputs: MarkerInput[]): string | undefined => {
  try {
    resolveMarkers(inputs, film);
    return undefined;
  } catch (error) {
    return error instanceof EncoderError ? error.code : String(error);
  }
};
const intro = { kind: "intro", start: "0:05", end: "0:20" };

test.each<[string, ...MarkerInput[]]>([
  ["marker_not_valid", { kind: "outro", start: "5" }],
  ["marker_not_valid", { ...intro, start: "five" }],
  ["marker_not_valid", { ...intro, end: "00:00:20:24" }],
  ["marker_kind_repeated", intro, { kind: "intro", start: "30", end: "40" }],
  ["marker_end_missing", { kind: "recap", start: "5" }],
  ["marker_empty", { ...intro, end: "0:05" }],
  ["marker_beyond_end", { kind: "credits", start: "120" }],
  ["marker_beyond_end", { ...intro, end: "122" }],
  ["markers_overlap", intro, { kind: "recap", start: "19.9", end: "30" }],
  ["markers_overlap", { kind: "credits", start: "90" }, { kind: "intro", start: "100", end: "110" }],
])("%s", (code, ...inputs) => {
  expect(codeOf(...inputs)).toBe(code);
});

test("markers come in order of time, in seconds; an end that was rounded up is the film's", () => {
  const credits = { kind: "credits", start: "00:01:30:12", end: "0:02:01" };
  expect(resolveMarkers([credits, intro], { ...film, durationSeconds: 120.4 })).toEqual([
    { kind: "intro", startSeconds: 5, endSeconds: 20 },
    { kind: "credits", startSeconds: 90.5, endSeconds: 120.4 },
  ]);
});

test("timecode counts from the master's own; what is before it, and seconds, from the first picture", () => {
  const master = { ...film, startTimecode: "00:59:50:00" };
  const markers = [
    { kind: "recap", start: "0:05", end: "00:00:06:00" },
    { kind: "intro", start: "01:00:00:12", end: "01:00:10:00" },
  ];
  expect(resolveMarkers(markers, master)).toEqual([
    { kind: "recap", startSeconds: 5, endSeconds: 6 },
    { kind: "intro", startSeconds: 10.5, endSeconds: 20 },
  ]);
});

describe("whatever is given", () => {
  const time = fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 125 }).map(String) },
    { weight: 1, arbitrary: fc.string({ maxLength: 9 }) },
  );
  const input = fc.record(
    { kind: fc.constantFrom("intro", "recap", "credits"), start: time, end: time },
    { requiredKeys: ["kind", "start"] },
  );

  test("is refused with a code, or lies in the film in order, one of a kind, none over another", () => {
    const property = fc.property(fc.array(input, { maxLength: 4 }), (inputs) => {
      const code = codeOf(...inputs);
      if (code !== undefined) {
        expect(code).toMatch(/^markers?_[a-z_]+$/);
        return;
      }
      const markers = resolveMarkers(inputs, film);
      expect(new Set(markers.map(({ kind }) => kind)).size).toBe(inputs.length);
      markers.forEach(({ startSeconds, endSeconds = 120 }, index) => {
        expect(startSeconds).toBeGreaterThanOrEqual(markers[index - 1]?.endSeconds ?? 0);
        expect(endSeconds).toBeGreaterThan(startSeconds);
        expect(endSeconds).toBeLessThanOrEqual(120);
        expect(index === markers.length - 1 || markers[index]?.endSeconds !== undefined).toBe(true);
      });
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
