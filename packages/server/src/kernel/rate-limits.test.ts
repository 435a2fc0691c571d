import fc from "fast-check";
import { expect, test } from "vitest";
import { holdClock } from "../../testing/platform.ts";
import { FlixError } from "./errors.ts";
import { limitHeaders, RateLimiter, type RateLimit } from "./rate-limits.ts";

test("a burst passes, then one for each that comes back", () => {
  const clock = holdClock();
  const limiter = new RateLimiter(clock);
  const limit = { burst: 3, perSecond: 2 };
  expect(limiter.spend("a", limit)).toEqual({ remaining: 2, resetSeconds: 1 });
  expect(limiter.spend("a", limit)).toEqual({ remaining: 1, resetSeconds: 1 });
  expect(limiter.spend("a", limit)).toEqual({ remaining: 0, resetSeconds: 2 });
  expect(refusalOf(limiter, "a", limit)?.headers).toEqual({
    "retry-after": "1",
    "ratelimit-policy": '"default";q=3;w=2',
    ratelimit: '"default";r=0;t=1',
  });
  limiter.spend("b", limit);
  clock.advance(499);
  expect(refusalOf(limiter, "a", limit)?.code).toBe("rate_limited");
  clock.advance(1);
  limiter.spend("a", limit);
  expect(refusalOf(limiter, "a", limit)?.code).toBe("rate_limited");
});

test("who waits as long as Retry-After says is let through", () => {
  const limits = fc.record({
    burst: fc.integer({ min: 1, max: 50 }),
    perSecond: fc.double({ min: 0.01, max: 50, noNaN: true }),
  });
  fc.assert(
    fc.property(limits, (limit) => {
      const clock = holdClock();
      const limiter = new RateLimiter(clock);
      for (let spent = 0; spent < limit.burst; spent += 1) limiter.spend("a", limit);
      const seconds = Number(refusalOf(limiter, "a", limit)?.headers["retry-after"]);
      clock.advance(seconds * 1000);
      expect(refusalOf(limiter, "a", limit)).toBeUndefined();
    }),
  );
});

test("in no span of time does a key get more than burst + rate x time", () => {
  const limits = fc.record({
    burst: fc.integer({ min: 1, max: 20 }),
    perSecond: fc.integer({ min: 1, max: 20 }),
  });
  const steps = fc.array(
    fc.record({ waitMs: fc.integer({ min: 0, max: 2_000 }), asks: fc.nat({ max: 30 }) }),
  );
  fc.assert(
    fc.property(limits, steps, (limit, moves) => {
      const clock = holdClock();
      const limiter = new RateLimiter(clock);
      let latest = clock.now().getTime();
      const passed: number[] = [];
      for (const { waitMs, asks } of moves) {
        clock.advance(waitMs);
        latest = Math.max(latest, clock.now().getTime());
        for (let ask = 0; ask < asks; ask += 1) if (!refusalOf(limiter, "a", limit)) passed.push(latest);
      }
      for (const [first, from] of passed.entries()) {
        for (const [offset, to] of passed.slice(first).entries()) {
          const most = limit.burst + (limit.perSecond * (to - from)) / 1000;
          expect(offset + 1).toBeLessThanOrEqual(most + 1e-6);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("a clock that is set back gives nothing twice", () => {
  const clock = holdClock();
  const limiter = new RateLimiter(clock);
  const limit = { burst: 2, perSecond: 1 };
  limiter.spend("a", limit);
  clock.advance(-60_000);
  limiter.spend("a", limit);
  clock.advance(60_000);
  expect(refusalOf(limiter, "a", limit)?.code).toBe("rate_limited");
});

test("a key in use is remembered through a flood of others; one long unused is forgotten in the end", () => {
  const clock = holdClock();
  const limiter = new RateLimiter(clock);
  const limit = { burst: 20, perSecond: 0.001 };
  let passed = 0;
  for (let spent = 0; spent < 20; spent += 1) limiter.spend("silent", limit);
  for (let key = 0; key < 200_000; key += 1) {
    limiter.spend(`flood:${key}`, limit);
    if (key % 10_000 === 0 && !refusalOf(limiter, "busy", limit)) passed += 1;
  }
  expect(passed).toBe(20);
  expect(refusalOf(limiter, "busy", limit)?.code).toBe("rate_limited");
  expect(refusalOf(limiter, "silent", limit)).toBeUndefined();
});

test("the headers name the limit and what is left", () => {
  expect(limitHeaders({ burst: 100, perSecond: 20 }, { remaining: 41, resetSeconds: 3 })).toEqual({
    "ratelimit-policy": '"default";q=100;w=5',
    ratelimit: '"default";r=41;t=3',
  });
});

function refusalOf(limiter: RateLimiter, key: string, limit: RateLimit): FlixError | undefined {
  try {
    limiter.spend(key, limit);
    return undefined;
  } catch (error) {
    if (error instanceof FlixError) return error;
    throw error;
  }
}
