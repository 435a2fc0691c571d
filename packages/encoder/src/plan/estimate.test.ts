import { join } from "node:path";
import { expect, test } from "vitest";
import { programs, simpleClip, temporaryFolder } from "../../testing/clips.ts";
import { preflight } from "../preflight.ts";
import { likelyPackageBytes, predictPackageBytes } from "./estimate.ts";

test("a package weighs what its rates allow, but no more than the master has in it", async () => {
  const input = await simpleClip(join(await temporaryFolder(), "film.mp4"));
  const { plan, source } = await preflight({ input, programs: await programs() });
  if (!plan || !source) throw new Error("The clip was not planned");
  const withRate = (bitrateBps: number | null) => ({ ...source, video: { ...source.video, bitrateBps } });
  const allowed = predictPackageBytes(plan);
  expect(likelyPackageBytes(plan, withRate(100_000_000))).toBe(allowed);
  expect(likelyPackageBytes(plan, { ...withRate(null), bitrateBps: null })).toBe(allowed);
  const [poor, poorer] = [20_000, 10_000].map((rate) => likelyPackageBytes(plan, withRate(rate)));
  expect(poor).toBeLessThan(allowed);
  expect(poorer).toBeLessThan(poor ?? 0);
});
