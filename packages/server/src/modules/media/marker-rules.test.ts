import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requireMarkers, spansWithin } from "./marker-rules.ts";

const codeOf = (markers: Parameters<typeof requireMarkers>[0], durationSeconds?: number): unknown => {
  try {
    requireMarkers(markers, durationSeconds);
    return undefined;
  } catch (error) {
    return Object(error).code;
  }
};
const intro = { kind: "intro", start_seconds: 5, end_seconds: 20 } as const;
const credits = { kind: "credits", start_seconds: 90 } as const;

describe("markers", () => {
  it.each([
    ["marker_kind_repeated", [intro, { ...intro, start_seconds: 30, end_seconds: 40 }]],
    ["marker_end_missing", [{ kind: "recap", start_seconds: 3 }]],
    ["marker_empty", [{ ...intro, end_seconds: 5 }]],
    ["marker_beyond_end", [{ ...intro, end_seconds: 100.5 }]],
    ["marker_beyond_end", [{ ...credits, start_seconds: 100 }]],
    ["markers_overlap", [intro, { kind: "recap", start_seconds: 19.9, end_seconds: 30 }]],
    ["markers_overlap", [credits, { ...intro, start_seconds: 91, end_seconds: 95 }]],
    [undefined, [intro, { kind: "recap", start_seconds: 20, end_seconds: 30 }, credits]],
  ] as const)("%s", (code, markers) => {
    expect(codeOf(markers, 100)).toBe(code);
  });

  it("of a title without a package lie anywhere", () => {
    expect(codeOf([{ ...credits, start_seconds: 300_000 }])).toBeUndefined();
  });
});

describe("whatever is sent", () => {
  const seconds = fc.double({ min: 0, max: 130, noNaN: true });
  const kinds = fc.array(fc.constantFrom("intro", "recap", "credits"), { maxLength: 3 });
  const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 130 }), seconds), { minLength: 6, maxLength: 6 });
  /** In order of time they are right as often as not. */
  const lists = fc.tuple(kinds, times, fc.boolean()).map(([chosen, at, inOrder]) => {
    const points = inOrder ? at.toSorted((a, b) => a - b) : at;
    return chosen.map((kind, index) => {
      const [start_seconds = 0, end_seconds] = points.slice(2 * index);
      return { kind, start_seconds, ...(kind === "credits" && index === 2 ? {} : { end_seconds }) };
    });
  });

  it("is taken where it lies in the film, one of a kind, none over another, and only there", () => {
    const property = fc.property(lists, (markers) => {
      const spans = markers
        .map(({ kind, start_seconds: start, end_seconds: end = 120 }) => ({ kind, start, end }))
        .toSorted((a, b) => a.start - b.start);
      const right =
        new Set(markers.map(({ kind }) => kind)).size === markers.length &&
        spans.every(({ start, end }, index) => {
          return start >= (spans[index - 1]?.end ?? 0) && start < end && end <= 120;
        });
      expect(codeOf(markers, 120) === undefined).toBe(right);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it("lies within the film also in a shorter cut, where it is shown", () => {
    fc.assert(
      fc.property(lists, seconds, (markers, length) => {
        fc.pre(codeOf(markers) === undefined);
        for (const { startSeconds, endSeconds } of spansWithin(requireMarkers(markers), length)) {
          expect(startSeconds).toBeLessThan(endSeconds);
          expect(endSeconds).toBeLessThanOrEqual(length);
        }
      }),
    );
  });
});
