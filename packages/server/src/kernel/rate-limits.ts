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

/** Token buckets, one a key. */
export interface RateLimits {
  /** Takes one token of `key`, or throws `rate_limited` with the time to wait; a promise where others have to be asked. */
  spend(key: string, limit: RateLimit): Spent | Promise<Spent>;
}

/** Of each of two generations: some 10 MB together. */
const maxBuckets = 50_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Token buckets in this process, one a key. What was not used while 50,000 other keys were is forgotten, so that a flood
 * of keys costs neither memory nor time; forgetting only ever gives a caller more.
 */
export class RateLimiter implements RateLimits {
  readonly #clock: Clock;
  #recent = new Map<string, Bucket>();
  #older = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  spend(key: string, limit: RateLimit): Spent {
    const { tokens, at } = this.#fill(key, limit);
    if (tokens < 1) throw rateLimited(limit, (1 - tokens) / limit.perSecond);
    this.#keep(key, { tokens: tokens - 1, at });
    return spentOf(limit, tokens - 1);
  }

  /** Takes a token that was granted elsewhere, so that this bucket is no fuller than it ought to be when it has to decide. */
  note(key: string, limit: RateLimit): void {
    const { tokens, at } = this.#fill(key, limit);
    this.#keep(key, { tokens: Math.max(0, tokens - 1), at });
  }

  #fill(key: string, limit: RateLimit): Bucket {
    const now = this.#clock.now().getTime();
    const bucket = this.#recent.get(key) ?? this.#older.get(key) ?? { tokens: limit.burst, at: now };
    const elapsedSeconds = Math.max(0, now - bucket.at) / 1000;
    const tokens = Math.min(limit.burst, bucket.tokens + elapsedSeconds * limit.perSecond);
    // A clock that was set back must not give the same seconds twice.
    return { tokens, at: Math.max(now, bucket.at) };
  }

  #keep(key: string, bucket: Bucket): void {
    if (this.#recent.size >= maxBuckets && !this.#recent.has(key)) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, bucket);
  }
}

/** What is left of a bucket, and when it will be full. */
export function spentOf({ burst, perSecond }: RateLimit, tokens: number): Spent {
  return { remaining: Math.floor(tokens), resetSeconds: Math.ceil((burst - tokens) / perSecond) };
}

export function rateLimited(limit: RateLimit, waitSeconds: number): FlixError {
  const retryAfter = Math.max(1, Math.ceil(waitSeconds));
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
  return {
    "ratelimit-policy": policyOf(limit),
    ratelimit: `"default";r=${remaining};t=${resetSeconds}`,
  };
}

const policies = new WeakMap<RateLimit, string>();

/** The same for every answer under a limit. */
function policyOf(limit: RateLimit): string {
  const known = policies.get(limit);
  if (known !== undefined) return known;
  const windowSeconds = Math.max(1, Math.round(limit.burst / limit.perSecond));
  const policy = `"default";q=${limit.burst};w=${windowSeconds}`;
  policies.set(limit, policy);
  return policy;
}
