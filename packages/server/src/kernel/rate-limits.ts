import type { Clock } from "./clock.ts";
import { FlixError } from "./errors.ts";

export interface RateLimit {
  /** Requests that may come at once. */
  burst: number;
  /** Requests that come back each second. */
  perSecond: number;
}

export interface Spent {
  remaining: number;
  resetSeconds: number;
}

const maxBuckets = 100_000;

/** Token buckets in this process, one a key. A bucket that is full again is forgotten. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one token of `key`, or throws `rate_limited` with the time to wait. */
  spend(key: string, limit: RateLimit): Spent {
    const now = this.#clock.now().getTime();
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, at: now };
    const elapsedSeconds = Math.max(0, now - bucket.at) / 1000;
    const tokens = Math.min(limit.burst, bucket.tokens + elapsedSeconds * limit.perSecond);
    if (tokens < 1) {
      const retryAfter = Math.max(1, Math.ceil((1 - tokens) / limit.perSecond));
      throw new FlixError("rate_limited", {
        detail: `Come back in ${retryAfter} s.`,
        headers: {
          "retry-after": String(retryAfter),
          ...limitHeaders(limit, { remaining: 0, resetSeconds: retryAfter }),
        },
      });
    }
    if (!this.#buckets.has(key) && this.#buckets.size >= maxBuckets) this.#forgetFull(now, limit);
    this.#buckets.set(key, { tokens: tokens - 1, at: now });
    return {
      remaining: Math.floor(tokens - 1),
      resetSeconds: Math.ceil((limit.burst - tokens + 1) / limit.perSecond),
    };
  }

  #forgetFull(now: number, limit: RateLimit): void {
    const fullAfterMs = (limit.burst / limit.perSecond) * 1000;
    for (const [key, { at }] of this.#buckets) if (now - at > fullAfterMs) this.#buckets.delete(key);
    // Still full of busy keys: drop the oldest, which only ever gives a caller more.
    const oldest = this.#buckets.keys().next().value;
    if (this.#buckets.size >= maxBuckets && oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** `RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers. */
export function limitHeaders(limit: RateLimit, { remaining, resetSeconds }: Spent): Record<string, string> {
  const window = Math.max(1, Math.round(limit.burst / limit.perSecond));
  return {
    "ratelimit-policy": `"default";q=${limit.burst};w=${window}`,
    ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
  };
}
