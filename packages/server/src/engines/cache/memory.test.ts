import { expect, test } from "vitest";
import { holdClock } from "../../../testing/platform.ts";
import { createMemoryCache } from "./memory.ts";
import { describeResponseCache } from "./testing/response-cache-suite.ts";

describeResponseCache("a cache in memory", {
  runs: 100,
  open: async (clock, limitBytes) => createMemoryCache(clock, limitBytes),
});

test("an answer that no change ends is kept for a second", () => {
  const clock = holdClock();
  const cache = createMemoryCache(clock);
  cache.place("catalog", "a").set("films");
  clock.advance(1000);
  expect(cache.place("catalog", "a").get()).toBeUndefined();
  expect(cache.place("catalog", "a").find).toBeUndefined();
});
