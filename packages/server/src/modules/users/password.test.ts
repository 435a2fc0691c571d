import { describe, expect, it } from "vitest";
import { hashPassword, isHashable, requireArgon2, verifyPassword } from "./password.ts";

describe("passwords", () => {
  it("are kept as argon2id of 19 MiB and 2 passes, each with a salt of its own", async () => {
    const [first, second] = [await hashPassword("correct horse"), await hashPassword("correct horse")];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(first).not.toBe(second);
    expect(await verifyPassword("correct horse", first)).toBe(true);
    expect(await verifyPassword("Correct horse", first)).toBe(false);
  });

  it("are the same however the keyboard composes a letter", async () => {
    const hash = await hashPassword("caf\u00e9 au lait");
    expect(await verifyPassword("cafe\u0301 au lait", hash)).toBe(true);
  });

  it("of nobody are never right, and cost as much as somebody's", async () => {
    const hash = await hashPassword("correct horse");
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      known.push(await timed(() => verifyPassword("wrong", hash)));
      unknown.push(await timed(() => verifyPassword("wrong", undefined)));
    }
    expect(await verifyPassword("wrong", null)).toBe(false);
    const ratio = median(unknown) / median(known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  it("have at most 1024 bytes", () => {
    expect(isHashable("x".repeat(1024))).toBe(true);
    expect(isHashable("é".repeat(513))).toBe(false);
    expect(isHashable("")).toBe(false);
  });

  it("name the Node.js that they need where it is older", () => {
    expect(() => requireArgon2("v22.1.0", false)).toThrow(/Node\.js 24\.7 or later.*this is v22\.1\.0/);
    expect(() => requireArgon2()).not.toThrow();
  });
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
