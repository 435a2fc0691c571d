import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentLikeness, genreShares, orderByScore, preferenceOf, scoreByHistory } from "./ranking.ts";

describe("preferenceOf", () => {
  it("believes a thumb before the time watched", () => {
    expect(preferenceOf({ furthest: 1, thumbs: "down" })).toBeLessThan(0);
    expect(preferenceOf({ furthest: 0, thumbs: "double_up" })).toBeGreaterThan(
      preferenceOf({ furthest: 1, thumbs: "up" }),
    );
    expect(preferenceOf({ furthest: 0.1, thumbs: null })).toBe(0);
    expect(preferenceOf({ furthest: 0.5, thumbs: null })).toBe(1);
  });
});

describe("scoreByHistory", () => {
  it("sums similarity over what was liked, and takes away for what was not", () => {
    const history = [
      { titleId: "a", furthest: 1, thumbs: null },
      { titleId: "b", furthest: 0, thumbs: "down" as const },
    ];
    const scores = scoreByHistory(history, [
      { titleId: "a", otherId: "x", score: 0.5 },
      { titleId: "b", otherId: "x", score: 0.2 },
      { titleId: "b", otherId: "y", score: 0.4 },
    ]);
    expect(scores.get("x")).toBeCloseTo(0.3);
    expect(scores.get("y")).toBeCloseTo(-0.4);
  });
});

describe("orderByScore", () => {
  it("keeps the order of what has no score", () => {
    const items = ["a", "b", "c", "d"].map((id) => ({ id }));
    expect(orderByScore(items, new Map([["c", 1]])).map(({ id }) => id)).toEqual(["c", "a", "b", "d"]);
  });
});

describe("genreShares", () => {
  it("adds up to 1 whenever something was liked", () => {
    const liked = fc.record({
      genres: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }),
      weight: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(liked, { minLength: 1 }), (list) => {
        const sum = [...genreShares(list).values()].reduce((total, share) => total + share, 0);
        expect(sum).toBeCloseTo(1);
      }),
    );
  });
});

describe("contentLikeness", () => {
  it("is symmetric, from 0 to 1, and 1 for a title itself", () => {
    const described = fc.record({
      id: fc.string(),
      genres: fc.uniqueArray(fc.constantFrom("drama", "comedy", "war"), { minLength: 1 }),
      cast: fc.array(fc.record({ name: fc.constantFrom("Ann", "Ben", "Cy"), role: fc.constant("actor") })),
    });
    fc.assert(
      fc.property(described, described, (a, b) => {
        const likeness = contentLikeness(a, b);
        expect(likeness).toBe(contentLikeness(b, a));
        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1);
        expect(contentLikeness(a, a)).toBe(1);
      }),
    );
  });
});
