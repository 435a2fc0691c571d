import { Counter, Gauge, type Registry } from "prom-client";
import type { Clock } from "../../kernel/clock.ts";
import { RateLimiter, type RateLimits } from "../../kernel/rate-limits.ts";
import { createMemoryCache } from "../cache/memory.ts";
import type { ResponseCache } from "../cache/response-cache.ts";
import type { RedisLink } from "./link.ts";
import { shareRateLimits } from "./rate-limits.ts";
import { createRedisCache } from "./response-cache.ts";
import { shareValues, type SharedValues } from "./shared-values.ts";

/** What processes keep together, where there is a Redis, and each for itself otherwise. */
export interface Sharing {
  cache: ResponseCache;
  /** Buckets of one purpose; keys of other purposes neither share nor displace them. */
  rateLimits: (purpose: string) => RateLimits;
  /** Undefined: there is nobody to share with. */
  shared: ((kind: string) => SharedValues) | undefined;
}

/** Called before the link is started. */
export function shareThrough(redis: RedisLink | undefined, clock: Clock, registry: Registry): Sharing {
  if (redis === undefined) {
    return { cache: createMemoryCache(clock), rateLimits: () => new RateLimiter(clock), shared: undefined };
  }
  watch(redis, registry);
  return {
    cache: createRedisCache(redis, clock),
    rateLimits: (purpose) => shareRateLimits(redis, clock, purpose),
    shared: (kind) => shareValues(redis, kind),
  };
}

function watch(redis: RedisLink, registry: Registry): void {
  registry.registerMetric(
    new Gauge({
      name: "flix_redis_up",
      help: "1 while Redis answers; at 0 limits and cached answers are each process's own.",
      registers: [],
      collect() {
        this.set(redis.isUp ? 1 : 0);
      },
    }),
  );
  registry.registerMetric(
    new Counter({
      name: "flix_redis_losses_total",
      help: "How often Redis was lost.",
      registers: [],
      collect() {
        this.reset();
        this.inc(redis.losses);
      },
    }),
  );
}
