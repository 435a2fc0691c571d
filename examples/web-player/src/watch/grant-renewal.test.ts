import { expect, test } from "vitest";
import { createGrantRenewal } from "./grant-renewal.ts";

test("Refusals at the same time share one renewal", async () => {
  let beats = 0;
  const renewal = createGrantRenewal({ now: () => 0, beat: async () => void (beats += 1) });
  expect(await Promise.all([renewal.renew(), renewal.renew()])).toEqual([true, true]);
  expect(beats).toBe(1);
});

test("What stays refused after three renewals in a minute has another reason, until the minute is over", async () => {
  let time = 0;
  const renewal = createGrantRenewal({ now: () => time, beat: () => Promise.resolve() });
  for (const expected of [true, true, true, false]) expect(await renewal.renew()).toBe(expected);
  time = 60_000;
  expect(await renewal.renew()).toBe(true);
});
