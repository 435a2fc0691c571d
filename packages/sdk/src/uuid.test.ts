import fc from "fast-check";
import { expect, test } from "vitest";
import { uuidv7 } from "./uuid.ts";

test("is a UUIDv7 that holds its time and sorts by it", () => {
  const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  fc.assert(
    fc.property(times, times, (one, other) => {
      const id = uuidv7(one);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(id.slice(0, 13).replace("-", ""), 16)).toBe(one);
      if (one !== other) expect(id < uuidv7(other)).toBe(one < other);
    }),
  );
});

test("is another one each time", () => {
  expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(0))).size).toBe(10_000);
});
