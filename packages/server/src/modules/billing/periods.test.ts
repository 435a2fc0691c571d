import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMonths, periodFrom } from "./periods.ts";

const instant = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
const interval = fc.constantFrom("month" as const, "year" as const);

describe("periods", () => {
  it("come back to the 31st after a shorter month", () => {
    const anchor = new Date("2027-01-31T10:00:00.000Z");
    let start = anchor;
    const ends = Array.from({ length: 5 }, () => {
      start = periodFrom(anchor, "month", start).end;
      return start.toISOString().slice(0, 10);
    });
    expect(ends).toEqual(["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]);
  });

  it("of a year from Feb 29 end on Feb 28, and on Feb 29 of the next leap year", () => {
    const anchor = new Date("2028-02-29T00:00:00.000Z");
    expect(periodFrom(anchor, "year", anchor).end.toISOString()).toBe("2029-02-28T00:00:00.000Z");
    const fourth = new Date("2031-02-28T00:00:00.000Z");
    expect(periodFrom(anchor, "year", fourth).end.toISOString()).toBe("2032-02-29T00:00:00.000Z");
  });

  it("neither gap nor overlap, and keep the time of day", () => {
    fc.assert(
      fc.property(instant, interval, fc.integer({ min: 1, max: 60 }), (anchor, every, count) => {
        let start = anchor;
        for (let index = 1; index <= count; index += 1) {
          const period = periodFrom(anchor, every, start);
          expect(period.start).toEqual(start);
          expect(period.end).toEqual(addMonths(anchor, index * (every === "month" ? 1 : 12)));
          expect(period.end.getTime() % 86_400_000).toBe(anchor.getTime() % 86_400_000);
          const days = (period.end.getTime() - period.start.getTime()) / 86_400_000;
          expect(days).toBeGreaterThanOrEqual(every === "month" ? 28 : 365);
          expect(days).toBeLessThanOrEqual(every === "month" ? 31 : 366);
          start = period.end;
        }
      }),
    );
  });
});
