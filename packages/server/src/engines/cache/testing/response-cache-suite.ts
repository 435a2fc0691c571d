import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdClock } from "../../../../testing/platform.ts";
import type { Clock } from "../../../kernel/clock.ts";
import type { ResponseCache } from "../response-cache.ts";

/** What every cache owes to those who ask; `runs` of the property. */
export function describeResponseCache(
  name: string,
  { open, runs }: { open: (clock: Clock, limitBytes?: number) => Promise<ResponseCache>; runs: number },
): void {
  describe(name, () => {
    it("keeps an answer for a second at least, by group and key", async () => {
      const clock = holdClock();
      const cache = await open(clock);
      expect(cache.place("catalog", "a").get()).toBeUndefined();
      cache.place("catalog", "a").set("films");
      clock.advance(999);
      expect(cache.place("catalog", "a").get()).toBe("films");
      expect(cache.place("catalog", "b").get()).toBeUndefined();
      expect(cache.place("media", "a").get()).toBeUndefined();
    });

    it("keeps an answer that followed a change for a second and no longer", async () => {
      const clock = holdClock();
      const cache = await open(clock);
      await cache.invalidate("catalog");
      cache.place("catalog", "a").set("films");
      clock.advance(1000);
      expect(cache.place("catalog", "a").get()).toBeUndefined();
    });

    it("forgets the group's answers at a change, and no other's", async () => {
      const cache = await open(holdClock());
      cache.place("catalog", "a").set("films");
      cache.place("media", "a").set("assets");
      await cache.invalidate("catalog");
      expect(cache.place("catalog", "a").get()).toBeUndefined();
      expect(cache.place("media", "a").get()).toBe("assets");
    });

    it("forgets at once, before others have been told", async () => {
      const cache = await open(holdClock());
      cache.place("catalog", "a").set("films");
      const told = cache.invalidate("catalog");
      expect(cache.place("catalog", "a").get()).toBeUndefined();
      await told;
    });

    it("does not keep what was read before a change after it", async () => {
      const cache = await open(holdClock());
      const reading = cache.place("catalog", "a");
      await cache.invalidate("catalog");
      reading.set("as it was");
      expect(cache.place("catalog", "a").get()).toBeUndefined();
      expect(await cache.place("catalog", "a").find?.()).toBeUndefined();
    });

    it("drops the least recently written when it is full, and does not keep what is too large", async () => {
      const cache = await open(holdClock(), 10);
      for (const key of ["a", "b"]) cache.place("catalog", key).set("12345");
      cache.place("catalog", "a").set("54321");
      cache.place("catalog", "c").set("12345");
      const kept = (key: string) => cache.place("catalog", key).get();
      expect([kept("a"), kept("b"), kept("c")]).toEqual(["54321", undefined, "12345"]);
      cache.place("catalog", "d").set("12345678901");
      expect(kept("d")).toBeUndefined();
    });

    it("never answers anything but the last body of a key, and never holds more than its limit", async () => {
      const step = fc.record({
        key: fc.constantFrom("a", "b", "c", "d"),
        body: fc.string({ maxLength: 40 }),
        what: fc.constantFrom("set", "get", "invalidate"),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 100 }), async (steps) => {
          const cache = await open(holdClock(), 64);
          const last = new Map<string, string>();
          for (const { key, body, what } of steps) {
            if (what === "invalidate") {
              await cache.invalidate("group");
              last.clear();
            } else if (what === "set") {
              cache.place("group", key).set(body);
              last.set(key, body);
            } else {
              const found = cache.place("group", key).get();
              if (found) expect(found).toBe(last.get(key));
            }
          }
          const held = [...last.keys()].map((key) => cache.place("group", key).get()?.length ?? 0);
          expect(held.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(64);
        }),
        { numRuns: runs },
      );
    });
  });
}
