import fc from "fast-check";
import { expect, test } from "vitest";
import { holdClock } from "../../testing/platform.ts";
import { createIds } from "./ids.ts";

const latestMs = 2 ** 48 - 1;

test("an id is its prefix and a UUIDv7 in 26 digits of base 32", () => {
  const clock = holdClock("2026-11-22T12:00:00.123Z");
  const id = createIds(clock).next("ttl");
  expect(id).toMatch(/^ttl_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
  const uuid = decode(id);
  expect(Number(uuid >> 80n)).toBe(clock.now().getTime());
  expect((uuid >> 76n) & 0xfn).toBe(7n);
  expect((uuid >> 62n) & 0b11n).toBe(0b10n);
});

test("every bit that is neither time, version nor variant is random", () => {
  const ids = (fill: number) => createIds(holdClock(), (size) => Buffer.alloc(size, fill)).next("ttl");
  const differing = decode(ids(0)) ^ decode(ids(0xff));
  expect(differing.toString(2).replaceAll("0", "")).toHaveLength(74);
});

test("ids of a later millisecond sort after those of an earlier one", () => {
  const time = fc.integer({ min: 0, max: latestMs });
  fc.assert(
    fc.property(time, time, (first, second) => {
      fc.pre(first < second);
      const clock = holdClock(new Date(first).toISOString());
      const ids = createIds(clock);
      const earlier = ids.next("evt");
      clock.set(new Date(second));
      expect(earlier < ids.next("evt")).toBe(true);
    }),
  );
});

test("no two of many ids of one millisecond are the same", () => {
  const ids = createIds(holdClock());
  const made = Array.from({ length: 20_000 }, () => ids.next("req"));
  expect(new Set(made).size).toBe(made.length);
});

function decode(id: string): bigint {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  return Array.from(id.slice(4)).reduce((value, digit) => value * 32n + BigInt(alphabet.indexOf(digit)), 0n);
}
