import fc from "fast-check";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { redis } from "../../../../../tools/engines/redis.ts";
import { describeWith } from "../../../../../tools/engines/testing.ts";
import { systemClock } from "../../kernel/clock.ts";
import { FlixError } from "../../kernel/errors.ts";
import type { RateLimit, RateLimits } from "../../kernel/rate-limits.ts";
import type { RedisLink } from "./link.ts";
import { shareRateLimits } from "./rate-limits.ts";
import { openLink, startOwnRedis } from "./testing/own-redis.ts";

describeWith(redis, "limits over Redis", ({ url }) => {
  /** The limits of several processes; over one link, since a bucket cannot tell. */
  const open = (link: RedisLink, count: number) =>
    Array.from({ length: count }, () => shareRateLimits(link, systemClock, "test"));

  it("let a burst pass and no more, whichever process is asked", async () => {
    const [one, other] = open(await openLink(url), 2);
    const limit = { burst: 10, perSecond: 0.01 };
    for (let asked = 0; asked < 10; asked += 1)
      expect(await one?.spend("a", limit)).toMatchObject({ remaining: 9 - asked });
    for (const limits of [one, other]) {
      expect((await refusalOf(limits, "a", limit))?.headers).toEqual({
        "retry-after": expect.stringMatching(/^(99|100)$/),
        "ratelimit-policy": '"default";q=10;w=1000',
        ratelimit: expect.stringMatching(/^"default";r=0;t=(99|100)$/),
      });
    }
    expect(await other?.spend("b", limit)).toEqual({ remaining: 9, resetSeconds: 100 });
  });

  it("ask Redis once for many of a busy caller's requests, and once for each of a small limit's", async () => {
    const link = await openLink(url);
    const [limits] = open(link, 1);
    const asked = vi.spyOn(link, "run");
    const spendAll = async (limit: RateLimit) => {
      asked.mockClear();
      for (let count = 0; count < 500; count += 1) await limits?.spend(`${limit.burst}`, limit);
      return asked.mock.calls.length;
    };
    expect(await spendAll({ burst: 100_000, perSecond: 20_000 })).toBeLessThan(30);
    asked.mockClear();
    for (let count = 0; count < 30; count += 1) await limits?.spend("few", { burst: 30, perSecond: 0.5 });
    expect(asked).toHaveBeenCalledTimes(30);
  });

  it("give back what was leased and not spent", async () => {
    const [one, other] = open(await openLink(url), 2);
    const limit = { burst: 1000, perSecond: 0.01 };
    let passed = 0;
    const spendUntilRefused = async (limits: RateLimits | undefined, most = Infinity) => {
      for (let count = 0; count < most && !(await refusalOf(limits, "a", limit)); count += 1) passed += 1;
    };
    await spendUntilRefused(one, 70);
    // It holds some 50 now; its next question gives back what it no longer may spend.
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + 200);
    onTestFinished(() => clock.mockRestore());
    await spendUntilRefused(one, 1);
    await spendUntilRefused(other);
    await spendUntilRefused(one);
    expect(passed).toBe(1000);
  });

  it("let through who waited as long as Retry-After says", async () => {
    const [one, other] = open(await openLink(url), 2);
    const limit = { burst: 60, perSecond: 1 };
    while ((await refusalOf(one, "a", limit)) === undefined);
    const seconds = Number((await refusalOf(other, "a", limit))?.headers["retry-after"]);
    await delay(seconds * 1000);
    expect(await refusalOf(other, "a", limit)).toBeUndefined();
  });

  it("never let more than burst + rate x time through, by however many processes", async () => {
    const link = await openLink(url);
    let run = 0;
    const load = fc.record({
      processes: fc.integer({ min: 1, max: 5 }),
      burst: fc.integer({ min: 1, max: 200 }),
      perSecond: fc.integer({ min: 1, max: 500 }),
      rounds: fc.array(fc.record({ waitMs: fc.nat({ max: 120 }), asks: fc.nat({ max: 60 }) }), {
        minLength: 3,
        maxLength: 8,
      }),
    });
    await fc.assert(
      fc.asyncProperty(load, async ({ processes, burst, perSecond, rounds }) => {
        const limit = { burst, perSecond };
        const key = `run ${(run += 1)}`;
        const passed: Spend[] = [];
        await Promise.all(
          open(link, processes).map(async (limits, index) => {
            for (const { waitMs, asks } of rounds) {
              await delay((waitMs * (index + 1)) / processes);
              await Promise.all(Array.from({ length: asks }, () => spend(limits, key, limit, passed)));
            }
          }),
        );
        expectWithin(passed, limit);
      }),
      { numRuns: 12 },
    );
  });

  it("are each process's own while Redis is gone, with no burst anew for who has had one", async () => {
    const server = await startOwnRedis();
    const link = await openLink(server.url);
    const [one, other] = open(link, 2);
    const limit = { burst: 10, perSecond: 0.01 };
    for (let asked = 0; asked < 8; asked += 1) await one?.spend("a", limit);
    await server.kill();
    await vi.waitFor(() => expect(link.isUp).toBe(false), { interval: 1 });
    const passedAt = async (limits: RateLimits | undefined) => {
      let passed = 0;
      while ((await refusalOf(limits, "a", limit)) === undefined) passed += 1;
      return passed;
    };
    expect(await passedAt(one)).toBe(2);
    expect(await passedAt(other)).toBe(10);
  });

  it("keep nobody waiting for longer than the time-out when Redis hangs", async () => {
    const server = await startOwnRedis();
    const link = await openLink(server.url);
    const [limits] = open(link, 1);
    const limit = { burst: 1000, perSecond: 0.01 };
    await limits?.spend("a", limit);
    server.hang();
    const askedAtMs = performance.now();
    await Promise.all(Array.from({ length: 100 }, async () => limits?.spend("a", limit)));
    expect(performance.now() - askedAtMs).toBeLessThan(1_000);
    expect(link.isUp).toBe(false);
    expect(limits?.spend("a", limit)).toMatchObject({ remaining: 898 });
  });
});

interface Spend {
  askedAtMs: number;
  answeredAtMs: number;
}

/** The token was spent at some moment between question and answer. */
async function spend(limits: RateLimits, key: string, limit: RateLimit, passed: Spend[]): Promise<void> {
  const askedAtMs = performance.now();
  if ((await refusalOf(limits, key, limit)) === undefined)
    passed.push({ askedAtMs, answeredAtMs: performance.now() });
}

/** Of each span from one question to one answer, what surely was spent in it. */
function expectWithin(passed: Spend[], { burst, perSecond }: RateLimit): void {
  const byAnswer = passed.toSorted((one, other) => one.answeredAtMs - other.answeredAtMs);
  for (const { askedAtMs: fromMs } of passed) {
    let spent = 0;
    for (const { askedAtMs, answeredAtMs: toMs } of byAnswer) {
      if (askedAtMs < fromMs) continue;
      spent += 1;
      expect(spent).toBeLessThanOrEqual(burst + (perSecond * (toMs - fromMs)) / 1000 + 1e-6);
    }
  }
}

async function refusalOf(
  limits: RateLimits | undefined,
  key: string,
  limit: RateLimit,
): Promise<FlixError | undefined> {
  try {
    await limits?.spend(key, limit);
    return undefined;
  } catch (error) {
    if (error instanceof FlixError) return error;
    throw error;
  }
}
