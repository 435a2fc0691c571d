import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseRows } from "./live-table.ts";
import type { FilmProgress } from "./outcome.ts";
import { createTally } from "./tally.ts";

const states = ["waiting", "running", "ingested", "unchanged", "failed", "left"] as const;
const film = fc.record({
  state: fc.constantFrom(...states),
  fraction: fc.double({ min: 0, max: 1, noNaN: true }),
});

test("the time left is that of the work that is left, whatever was there already", () => {
  const tally = createTally([100, 100, 200], 0);
  expect(tally.etaSeconds(10_000)).toBeUndefined();
  tally.update(0, { state: "unchanged", fraction: 1 });
  expect(tally.etaSeconds(10_000)).toBeUndefined();
  tally.update(2, { state: "running", fraction: 0.5 });
  expect(tally.etaSeconds(10_000)).toBeCloseTo(20);
  expect(tally.text(10_000)).toBe("1 of 3 done, 1 running, 50%, 20s left");
});

test("a table is never taller than its room, and shows every film that runs before one that does not", () => {
  fc.assert(
    fc.property(fc.array(film, { maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (films, room) => {
      const at = (index: number): FilmProgress => films[index] ?? { state: "waiting", fraction: 0 };
      const rows = chooseRows(films.length, { at }, room);
      expect(rows).toHaveLength(Math.min(films.length, room));
      expect(rows).toEqual([...new Set(rows)].toSorted((a, b) => a - b));
      const running = films.filter(({ state }) => state === "running").length;
      const shown = rows.filter((index) => at(index).state === "running").length;
      expect(shown).toBe(Math.min(running, room));
    }),
  );
});

test("all together are between nothing and all of it", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(film, fc.integer({ min: 1, max: 1e12 })), { minLength: 1 }), (films) => {
      const tally = createTally(
        films.map(([, size]) => size),
        0,
      );
      films.forEach(([progress], index) => tally.update(index, progress));
      expect(tally.fraction()).toBeGreaterThanOrEqual(0);
      expect(tally.fraction()).toBeLessThanOrEqual(1 + 1e-9);
    }),
  );
});
