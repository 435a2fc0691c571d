import { describe, expect, it } from "vitest";
import { givenUpAt, graceMs, nextAttempt } from "./dunning.ts";

const issued = new Date("2027-01-31T10:00:00.000Z");
const dayMs = 86_400_000;
const after = (days: number) => new Date(issued.getTime() + days * dayMs);

describe("the retry schedule", () => {
  it("tries on days 1, 3, 5 and 7, whichever tries there were between", () => {
    expect(nextAttempt(issued, issued)).toEqual(after(1));
    expect(nextAttempt(issued, after(1))).toEqual(after(3));
    expect(nextAttempt(issued, after(2))).toEqual(after(3));
    expect(nextAttempt(issued, after(5))).toEqual(after(7));
    expect(nextAttempt(issued, after(7))).toBeUndefined();
  });

  it("ends with the grace, and gives up before the shortest period does", () => {
    expect(after(7).getTime() - issued.getTime()).toBe(graceMs);
    expect(givenUpAt(issued)).toEqual(new Date("2027-02-28T10:00:00.000Z"));
  });
});
