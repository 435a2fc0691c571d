import { HTTPError, KyError, type RetryOptions } from "ky";
import type { Clock } from "./clock.ts";
import { readRetryAfter } from "./errors.ts";

const firstDelayMs = 300;
const longestDelayMs = 8_000;
/** A server that asks for a longer pause gets no retry: the caller decides, by the error's `retryAfterSeconds`. */
const longestRetryAfterSeconds = 60;

/**
 * What is sent again, and when. The whole policy stands in `shouldRetry`, which ky asks for every failure; a `true` from there makes ky
 * leave out its own reading of Retry-After, and its delay is zero, so that all waiting goes through our clock.
 */
export function retryOptions(request: Request, maxRetries: number, clock: Clock): RetryOptions {
  return {
    limit: maxRetries,
    methods: ["get", "put", "delete", "post", "patch"],
    delay: () => 0,
    shouldRetry: async ({ error, retryCount }) => {
      const delayMs = retryDelay(error, request, retryCount, clock);
      if (delayMs === undefined) return false;
      await clock.sleep(delayMs, request.signal);
      return true;
    },
  };
}

/** Full jitter: clients that failed together do not come back together. The first retry is 1. */
export function backoffMs(retryCount: number, clock: Clock): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (retryCount - 1)) * clock.random();
}

/** Milliseconds until the next try; undefined when there must be none. */
function retryDelay(error: Error, request: Request, retryCount: number, clock: Clock): number | undefined {
  const delayMs = backoffMs(retryCount, clock);
  const repeatable = !/^P(OST|ATCH)/.test(request.method) || request.headers.has("idempotency-key");
  if (error instanceof HTTPError) {
    if (!isTransient(error, repeatable)) return undefined;
    const seconds = readRetryAfter(error.response.headers);
    if (seconds === undefined) return delayMs;
    return seconds > longestRetryAfterSeconds ? undefined : seconds * 1000;
  }
  // ky's other errors mean that no answer came, or none in time; what is not ky's is a fault of a program.
  return error instanceof KyError && repeatable ? delayMs : undefined;
}

/** A 429 was refused before any work, so it may always be repeated; a 409 only while the first request with its key is at work. */
function isTransient({ response, data }: HTTPError, repeatable: boolean): boolean {
  if (response.status === 429) return true;
  if (response.status === 409) return JSON.stringify(data)?.includes('"idempotency_in_flight"') ?? false;
  return repeatable && [408, 500, 502, 503, 504].includes(response.status);
}
