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

interface Bucket {
  tokens: number;
  at: number;
  /** From when on it says no more than a key that is not here. */
  fullAt: number;
}

/** Token buckets in this process, one a key, the latest used last. A bucket that is full again is forgotten. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one token of `key`, or throws `rate_limited` with the time to wait. */
  spend(key: string, limit: RateLimit): Spent {
    const now = this.#clock.now().getTime();
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, at: now };
    const elapsedSeconds = Math.max(0, now - bucket.at) / 1000;
    const tokens = Math.min(limit.burst, bucket.tokens + elapsedSeconds * limit.perSecond);
    if (tokens < 1) throw tooMany(limit, tokens);
    const resetSeconds = (limit.burst - tokens + 1) / limit.perSecond;
    this.#buckets.delete(key);
    this.#makeRoom(now);
    // A clock that was set back must not give the same seconds twice.
    const at = Math.max(now, bucket.at);
    this.#buckets.set(key, { tokens: tokens - 1, at, fullAt: at + resetSeconds * 1000 });
    return { remaining: Math.floor(tokens - 1), resetSeconds: Math.ceil(resetSeconds) };
  }

  /**
   * Looks at a few of the oldest only, so that a flood of new keys costs no more than old ones. With all of them busy
   * the oldest goes, which only ever gives a caller more.
   */
  #makeRoom(now: number): void {
    let looks = 2;
    for (const [key, { fullAt }] of this.#buckets) {
      if (looks === 0 || (fullAt > now && this.#buckets.size < maxBuckets)) return;
      looks -= 1;
      this.#buckets.delete(key);
    }
  }
}

function tooMany(limit: RateLimit, tokens: number): FlixError {
  const retryAfter = Math.max(1, Math.ceil((1 - tokens) / limit.perSecond));
  return new FlixError("rate_limited", {
    detail: `Come back in ${retryAfter} s.`,
    headers: {
      "retry-after": String(retryAfter),
      ...limitHeaders(limit, { remaining: 0, resetSeconds: retryAfter }),
    },
  });
}

/** `RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers. */
export function limitHeaders(limit: RateLimit, { remaining, resetSeconds }: Spent): Record<string, string> {
  const window = Math.max(1, Math.round(limit.burst / limit.perSecond));
  return {
    "ratelimit-policy": `"default";q=${limit.burst};w=${window}`,
    ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
  };
}
