import { describe, expect, it } from "vitest";
import { nextState } from "./lifecycle.ts";

describe("a subscription", () => {
  it("goes from a declined renewal over its tries to unpaid, and back when it is paid", () => {
    expect(nextState("active", "declined")).toBe("past_due");
    expect(nextState("past_due", "declined")).toBe("past_due");
    expect(nextState("past_due", "tries_exhausted")).toBe("unpaid");
    expect(nextState("past_due", "paid")).toBe("active");
    expect(nextState("unpaid", "paid")).toBe("active");
  });

  it("never leaves canceled", () => {
    for (const step of ["paid", "declined", "tries_exhausted", "ended"] as const)
      expect(() => nextState("canceled", step)).toThrow("cannot be");
  });
});
