import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prorate } from "./proration.ts";

const start = new Date("2027-01-01T00:00:00.000Z");
const month = { start, end: new Date("2027-02-01T00:00:00.000Z") };
const price = fc.integer({ min: 0, max: 100_000_000 });
const withinMonth = fc.integer({ min: 0, max: 31 * 86_400_000 }).map((ms) => new Date(start.getTime() + ms));

describe("proration", () => {
  it("is all at the beginning, nothing at the end, and never more than the price", () => {
    fc.assert(
      fc.property(price, withinMonth, (amount, at) => {
        const part = prorate(amount, month, at);
        expect(Number.isSafeInteger(part)).toBe(true);
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(amount);
        expect(prorate(amount, month, month.start)).toBe(amount);
        expect(prorate(amount, month, month.end)).toBe(0);
      }),
    );
  });

  it("up and down again at one instant comes to 0", () => {
    fc.assert(
      fc.property(price, price, withinMonth, (low, high, at) => {
        const change = (from: number, to: number) => prorate(to, month, at) - prorate(from, month, at);
        expect(change(low, high) + change(high, low)).toBe(0);
      }),
    );
  });

  it("falls with time and rises with the price", () => {
    fc.assert(
      fc.property(price, price, withinMonth, withinMonth, (one, other, first, second) => {
        const [early, late] = first < second ? [first, second] : [second, first];
        expect(prorate(one, month, early)).toBeGreaterThanOrEqual(prorate(one, month, late));
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(prorate(high, month, early)).toBeGreaterThanOrEqual(prorate(low, month, early));
      }),
    );
  });

  it("is exact where floating point is not: a year of the highest price", () => {
    const year = { start, end: new Date("2028-01-01T00:00:00.000Z") };
    const whole = year.end.getTime() - year.start.getTime();
    const at = new Date(year.start.getTime() + 1);
    expect(prorate(99_999_999, year, at)).toBe(Number((99_999_999n * BigInt(whole - 1)) / BigInt(whole)));
  });
});
