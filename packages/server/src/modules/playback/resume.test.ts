import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clampPosition, progressOf, resumePosition, stageOf } from "./resume.ts";

const at = (positionSeconds: number) => ({ positionSeconds, durationSeconds: 100 });

describe("the stages of watching", () => {
  it.each([
    [0, "not_begun"],
    [1.99, "not_begun"],
    [2, "watching"],
    [95, "watching"],
    [95.01, "finished"],
    [100, "finished"],
    [1000, "finished"],
  ] as const)("%d %% is %s", (position, stage) => {
    expect(stageOf(at(position))).toBe(stage);
  });

  it.each([
    [1, "not_begun"],
    [80, "watching"],
    [80.01, "finished"],
    [95.01, "finished"],
  ] as const)("%d %% is %s where the credits begin at 80 %%", (position, stage) => {
    expect(stageOf({ ...at(position), creditsStartSeconds: 80 })).toBe(stage);
  });

  it("a film whose credits are short is watched beyond 95 %", () => {
    expect(stageOf({ ...at(97), creditsStartSeconds: 98 })).toBe("watching");
  });

  it("a title without length is never begun", () => {
    expect(stageOf({ positionSeconds: 5, durationSeconds: 0 })).toBe("not_begun");
  });
});

describe("resuming", () => {
  const seconds = fc.double({ min: 0, max: 360_000, noNaN: true });
  const creditsFrom = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
  const places = fc.tuple(seconds, seconds, creditsFrom).map(([positionSeconds, durationSeconds, share]) => ({
    positionSeconds,
    durationSeconds,
    creditsStartSeconds: share && share * durationSeconds,
  }));

  it("never begins past the end, nor where nothing is left to watch", () => {
    fc.assert(
      fc.property(places, (place) => {
        const position = resumePosition(place);
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position).toBeLessThanOrEqual(place.durationSeconds);
        if (position > 0) expect(stageOf({ ...place, positionSeconds: position })).toBe("watching");
      }),
    );
  });

  it("a clamped position lies in the title, and its progress between 0 and 1", () => {
    fc.assert(
      fc.property(places, (place) => {
        const clamped = clampPosition(place);
        expect(clamped).toBeLessThanOrEqual(place.durationSeconds);
        expect(clamped).toBeLessThanOrEqual(place.positionSeconds);
        expect(progressOf(place)).toBeGreaterThanOrEqual(0);
        expect(progressOf(place)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("begins at 0 without a position", () => {
    expect(resumePosition(undefined)).toBe(0);
  });
});
