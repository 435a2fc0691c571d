import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlixError } from "../../kernel/errors.ts";
import { createGrants, grantExpiry, type NewGrant } from "./grant.ts";

const key = randomBytes(32);
const start = new Date("2026-11-22T12:00:00.000Z");
const grants = createGrants(key, () => start);
const grant: NewGrant = {
  sessionId: "pbs_01k9v3c4x5e6f7g8h9j0kmnpqr",
  titleId: "ttl_01k9v3c4x5e6f7g8h9j0kmnpqs",
  digest: "ab".repeat(32),
  hlsPath: "hls/master.m3u8",
  maxHeight: 720,
  expiresAt: new Date("2026-11-22T14:00:00.000Z"),
};

function codeOf(open: () => unknown): string | undefined {
  try {
    open();
    return undefined;
  } catch (error) {
    return error instanceof FlixError ? error.code : String(error);
  }
}

describe("a grant", () => {
  it("comes back as it was sealed, with the prefix that it opens", () => {
    expect(grants.open(grants.seal(grant))).toEqual({
      ...grant,
      prefix: `titles/${grant.titleId}/${grant.digest}`,
    });
    expect(grants.open(grants.seal({ ...grant, maxHeight: undefined })).maxHeight).toBeUndefined();
  });

  it("is one path segment that needs no escape, shorter than 200 characters", () => {
    const token = grants.seal(grant);
    expect(token).toMatch(/^[\w~-]+$/);
    expect(token.length).toBeLessThan(200);
  });

  it("is refused with any one character changed, added or left out", () => {
    const token = grants.seal(grant);
    const change = fc.record({
      at: fc.nat(token.length - 1),
      by: fc.constantFrom(..."0123456789abcdefABCDEFxyzXYZ_~-./%"),
      how: fc.constantFrom("replace", "insert", "remove"),
    });
    fc.assert(
      fc.property(change, ({ at, by, how }) => {
        const changed =
          token.slice(0, at) + (how === "remove" ? "" : by) + token.slice(how === "insert" ? at : at + 1);
        fc.pre(changed !== token);
        expect(codeOf(() => grants.open(changed))).toBe("media_grant_not_valid");
      }),
      { numRuns: 1000 },
    );
  });

  it("is refused when another key sealed it, and when it is no grant at all", () => {
    const foreign = createGrants(randomBytes(32), () => start).seal(grant);
    for (const token of [foreign, "", "~", "~~~~~~", "x".repeat(5000)])
      expect(codeOf(() => grants.open(token))).toBe("media_grant_not_valid");
  });

  it("ends at its second", () => {
    const token = grants.seal(grant);
    const open = (at: string) => () => createGrants(key, () => new Date(at)).open(token);
    expect(codeOf(open("2026-11-22T13:59:59.999Z"))).toBeUndefined();
    expect(codeOf(open("2026-11-22T14:00:00.000Z"))).toBe("media_grant_expired");
  });
});

describe("a grant's validity", () => {
  it("covers the whole title and two hours of pauses, up to a day", () => {
    const hoursOf = (seconds: number) =>
      (grantExpiry(start, seconds).getTime() - start.getTime()) / 3_600_000;
    expect(hoursOf(30 * 60)).toBe(2.5);
    expect(hoursOf(3 * 3600)).toBe(5);
    expect(hoursOf(100 * 3600)).toBe(24);
  });
});
