import { afterEach, describe, expect, it, vi } from "vitest";
import { redis } from "../../../../../tools/engines/redis.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { holdClock } from "../../../testing/platform.ts";
import type { ResponseCache } from "../cache/response-cache.ts";
import { describeResponseCache } from "../cache/testing/response-cache-suite.ts";
import type { RedisLink } from "./link.ts";
import { createRedisCache } from "./response-cache.ts";
import { newPrefix, openLink, startOwnRedis } from "./testing/own-redis.ts";

const settledMs = 5_000;

describeWith(redis, "a cache over Redis", ({ url }) => {
  const clock = holdClock();
  afterEach(() => clock.set("2026-11-22T12:00:00.000Z"));

  async function openCache(options: { at?: string; prefix?: string; limitBytes?: number } = {}) {
    let cache: ResponseCache | undefined;
    const setUp = (link: RedisLink) => void (cache = createRedisCache(link, clock, options.limitBytes));
    const prefix = options.prefix === undefined ? {} : { prefix: options.prefix };
    const link = await openLink(options.at ?? url, { ...prefix, setUp });
    if (!cache) throw new Error("There is no cache");
    return { link, cache };
  }

  /** Caches of several processes that agree on the generation and have long been at it. */
  async function openSettled(count: number, at = url) {
    const prefix = newPrefix();
    const opened = [];
    for (let index = 0; index < count; index += 1) opened.push(await openCache({ prefix, at }));
    for (const { cache } of opened) await cache.invalidate("catalog");
    // The last one's message is the last of all.
    await Promise.all(opened.map(({ link }) => link.check()));
    clock.advance(settledMs);
    return opened.map(({ cache }) => cache);
  }
  const kept = (cache: ResponseCache | undefined, key = "a") => cache?.place("catalog", key).get();
  const found = async (cache: ResponseCache | undefined, key = "a") =>
    await cache?.place("catalog", key).find?.();

  describeResponseCache("as every cache", {
    runs: 10,
    open: async (held, limitBytes) => {
      let cache: ResponseCache | undefined;
      await openLink(url, { setUp: (link) => void (cache = createRedisCache(link, held, limitBytes)) });
      if (!cache) throw new Error("There is no cache");
      return cache;
    },
  });

  it("keeps an answer to the end of its minute, when availability windows open and close", async () => {
    const [cache] = await openSettled(1);
    cache?.place("catalog", "a").set("films");
    clock.set("2026-11-22T12:00:59.999Z");
    expect(kept(cache)).toBe("films");
    clock.advance(1);
    expect(kept(cache)).toBeUndefined();
  });

  it("gives one process what another has read, for as long as it would keep it itself", async () => {
    const [one, other] = await openSettled(2);
    const body = "\u0000fílms";
    one?.place("catalog", "a").set(body);
    await vi.waitFor(async () => expect(await found(other)).toBe(body));
    expect(kept(other)).toBe(body);
    clock.set("2026-11-22T12:01:00.000Z");
    expect(kept(other)).toBeUndefined();
  });

  it("lets a change at one process be seen at every other", async () => {
    const caches = await openSettled(3);
    for (const cache of caches) cache.place("catalog", "a").set("as it was");
    await caches[0]?.invalidate("catalog");
    for (const cache of caches) {
      await vi.waitFor(() => expect(kept(cache)).toBeUndefined(), { interval: 1 });
      expect(await found(cache)).toBeUndefined();
    }
    clock.advance(settledMs);
    for (const cache of caches) expect(await found(cache)).toBeUndefined();
  });

  it("never finds what another process read before a change and kept after it", async () => {
    const [one, other] = await openSettled(2);
    const reading = other?.place("catalog", "a");
    await one?.invalidate("catalog");
    reading?.set("as it was");
    clock.advance(settledMs);
    await vi.waitFor(async () => {
      expect(kept(other)).toBeUndefined();
      expect(await found(one)).toBeUndefined();
    });
  });

  describe("without Redis", () => {
    it("keeps answers for a second, and is told of nothing", async () => {
      const server = await startOwnRedis();
      const [one, other] = await openSettled(2, server.url);
      one?.place("catalog", "a").set("films");
      clock.advance(999);
      await server.kill();
      await vi.waitFor(() => expect(one?.place("catalog", "a").find).toBeUndefined());
      expect(kept(one)).toBe("films");
      clock.advance(1);
      expect(kept(one)).toBeUndefined();
      await other?.invalidate("catalog");
    });

    it("forgets, once it is back, what others changed meanwhile", async () => {
      const server = await startOwnRedis();
      const [one, other] = await openSettled(2, server.url);
      one?.place("catalog", "a").set("as it was");
      await server.kill();
      await other?.invalidate("catalog");
      await server.restart();
      await vi.waitFor(() => expect(one?.place("catalog", "a").get()).toBeUndefined(), { timeout: 5_000 });
      clock.advance(settledMs);
      await vi.waitFor(() => expect(one?.place("catalog", "b").find).toBeDefined(), { timeout: 5_000 });
      expect(kept(one)).toBeUndefined();
      expect(await found(other)).toBeUndefined();
    });

    it("does not believe for longer than a second that a Redis lives which says nothing", async () => {
      const server = await startOwnRedis();
      const [cache] = await openSettled(1, server.url);
      cache?.place("catalog", "a").set("films");
      clock.advance(2_000);
      expect(kept(cache)).toBe("films");
      const hungAtMs = performance.now();
      server.hang();
      await vi.waitFor(() => expect(kept(cache)).toBeUndefined(), { timeout: 3_000, interval: 10 });
      expect(performance.now() - hungAtMs).toBeLessThan(1_500);
    });
  });
});
