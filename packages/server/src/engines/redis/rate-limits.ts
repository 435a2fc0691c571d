import { createHash } from "node:crypto";
import type { Clock } from "../../kernel/clock.ts";
import {
  rateLimited,
  RateLimiter,
  spentOf,
  type RateLimit,
  type RateLimits,
  type Spent,
} from "../../kernel/rate-limits.ts";
import type { RedisLink } from "./link.ts";
import { takeTokens } from "./take-tokens.ts";

/** Tokens that were taken from the bucket in Redis to be spent here without asking. */
interface Lease {
  tokens: number;
  /** What is not spent by then is not spent at all (`performance.now()`). */
  untilMs: number;
  /** When it was granted, as Redis counts. */
  window: number;
  /** How many to take next time. */
  portion: number;
  /** What the bucket in Redis held then. */
  left: number;
  /** One question at a time; answers how long to wait when there was no token. */
  asking: Promise<number> | undefined;
}

const leaseMs = 200;
/** Of a burst: so that a process takes little from the others, and small limits are asked for token by token. */
const largestShare = 1 / 20;
const maxLeases = 50_000;

/**
 * Token buckets that all processes share. A key that is asked for often takes twice as many tokens each time, so that few
 * requests wait for Redis. While the link is down the buckets of this process decide, which have been counting along.
 */
export function shareRateLimits(link: RedisLink, clock: Clock, purpose: string): RateLimits {
  const own = new RateLimiter(clock);
  const leases = new Map<string, Lease>();
  return { spend };

  function spend(key: string, limit: RateLimit): Spent | Promise<Spent> {
    const lease = leases.get(key);
    if (lease && lease.tokens > 0 && performance.now() < lease.untilMs) return spendOf(lease, key, limit);
    return link.isConnected ? spendShared(lease ?? newLease(key), key, limit) : own.spend(key, limit);
  }

  function spendOf(lease: Lease, key: string, limit: RateLimit): Spent {
    lease.tokens -= 1;
    own.note(key, limit);
    return spentOf(limit, lease.left + lease.tokens);
  }

  async function spendShared(lease: Lease, key: string, limit: RateLimit): Promise<Spent> {
    // Those who waited for one answer share its tokens; who gets none asks again.
    for (;;) {
      lease.asking ??= renew(lease, key, limit).finally(() => (lease.asking = undefined));
      const waitMs = await lease.asking.catch(() => undefined);
      if (waitMs === undefined) return own.spend(key, limit);
      if (waitMs > 0) throw rateLimited(limit, waitMs / 1000);
      if (lease.tokens > 0) return spendOf(lease, key, limit);
    }
  }

  async function renew(lease: Lease, key: string, limit: RateLimit): Promise<number> {
    const askedAtMs = performance.now();
    const wasDrained = lease.tokens === 0 && askedAtMs < lease.untilMs;
    const largest = Math.max(1, Math.floor(limit.burst * largestShare));
    lease.portion = Math.min(largest, wasDrained ? lease.portion * 2 : Math.max(1, lease.portion >> 1));
    const back = lease.tokens;
    lease.tokens = 0;
    const taken = await takeTokens(link, link.key(`limit:${purpose}:${digestOf(key)}`), limit, {
      want: lease.portion,
      back,
      backWindow: lease.window,
      leaseMs,
    });
    const { granted, left, window, waitMs } = taken;
    Object.assign(lease, { tokens: granted, left, window, untilMs: askedAtMs + leaseMs });
    return waitMs;
  }

  function newLease(key: string): Lease {
    const lease: Lease = { tokens: 0, untilMs: 0, window: 0, portion: 1, left: 0, asking: undefined };
    // What a forgotten one held is lost, to the one who sent the least for the longest.
    if (leases.size >= maxLeases) leases.delete(leases.keys().next().value ?? key);
    leases.set(key, lease);
    return lease;
  }
}

/** Keys are addresses and names of people. */
function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, 32);
}
