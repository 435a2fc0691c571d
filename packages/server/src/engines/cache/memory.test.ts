import fc from "fast-check";
import { expect, test } from "vitest";
import { holdClock } from "../../../testing/platform.ts";
import { createMemoryCache } from "./memory.ts";

const answer = (text: string) => Buffer.from(text);

test("an answer is kept for a second", () => {
  const clock = holdClock();
  const cache = createMemoryCache(clock);
  expect(cache.place("catalog", "a").get()).toBeUndefined();
  cache.place("catalog", "a").set(answer("films"));
  clock.advance(999);
  expect(cache.place("catalog", "a").get()?.toString()).toBe("films");
  expect(cache.place("catalog", "b").get()).toBeUndefined();
  expect(cache.place("media", "a").get()).toBeUndefined();
  clock.advance(1);
  expect(cache.place("catalog", "a").get()).toBeUndefined();
});

test("a change forgets the group's answers and no other's", () => {
  const cache = createMemoryCache(holdClock());
  cache.place("catalog", "a").set(answer("films"));
  cache.place("media", "a").set(answer("assets"));
  cache.invalidate("catalog");
  expect(cache.place("catalog", "a").get()).toBeUndefined();
  expect(cache.place("media", "a").get()?.toString()).toBe("assets");
});

test("what was read before a change is not kept after it", () => {
  const cache = createMemoryCache(holdClock());
  const reading = cache.place("catalog", "a");
  cache.invalidate("catalog");
  reading.set(answer("as it was"));
  expect(cache.place("catalog", "a").get()).toBeUndefined();
});

test("when it is full the least recently written goes, and one that is too large is not kept", () => {
  const cache = createMemoryCache(holdClock(), 10);
  for (const key of ["a", "b"]) cache.place("catalog", key).set(answer("12345"));
  cache.place("catalog", "a").set(answer("54321"));
  cache.place("catalog", "c").set(answer("12345"));
  const kept = (key: string) => cache.place("catalog", key).get()?.toString();
  expect([kept("a"), kept("b"), kept("c")]).toEqual(["54321", undefined, "12345"]);
  cache.place("catalog", "d").set(answer("12345678901"));
  expect(kept("d")).toBeUndefined();
});

test("never answers anything but the last body of a key, and never holds more than its limit", () => {
  const step = fc.record({
    key: fc.constantFrom("a", "b", "c", "d"),
    body: fc.string({ maxLength: 40 }),
    what: fc.constantFrom("set", "get", "invalidate"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const cache = createMemoryCache(holdClock(), 64);
      const last = new Map<string, string>();
      for (const { key, body, what } of steps) {
        if (what === "invalidate") {
          cache.invalidate("group");
          last.clear();
        } else if (what === "set") {
          cache.place("group", key).set(answer(body));
          last.set(key, body);
        } else {
          const found = cache.place("group", key).get();
          if (found) expect(found.toString()).toBe(last.get(key));
        }
      }
      const held = [...last.keys()].map((key) => cache.place("group", key).get()?.length ?? 0);
      expect(held.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(64);
    }),
  );
});
