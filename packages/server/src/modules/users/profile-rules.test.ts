import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { avatars, freeAvatar, maturityLimit, maxProfiles } from "./profile-rules.ts";

describe("a profile", () => {
  it("gets a picture that none of its siblings bears", () => {
    const siblings = fc.subarray([...avatars], { maxLength: maxProfiles - 1 });
    fc.assert(fc.property(siblings, (taken) => !taken.includes(freeAvatar(taken))));
  });

  it("of a child never goes above 12, whatever is asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 21 }), (wanted) => {
        if (wanted <= 12) expect(maturityLimit(true, wanted)).toBe(wanted);
        else expect(() => maturityLimit(true, wanted)).toThrow("at most 12");
      }),
    );
    expect(maturityLimit(true, undefined)).toBe(7);
    expect(maturityLimit(false, undefined)).toBe(21);
  });
});
