import { setTimeout as wait } from "node:timers/promises";
import { cancelled, type EncoderError, throwIfAborted } from "../../errors.ts";

/** How much of a bad network is borne. */
export interface Patience {
  /** In a row without progress. */
  attempts: number;
  backoffMs: number;
  maxBackoffMs: number;
  /** In which at least `minBytes` have to come. */
  stallMs: number;
  minBytes: number;
  random(): number;
}

/** A film at 1 KB/s would take months: who sends less is no better than who sends nothing. */
export const patience: Patience = {
  attempts: 8,
  backoffMs: 500,
  maxBackoffMs: 30_000,
  stallMs: 60_000,
  minBytes: 60_000,
  random: Math.random,
};

/** What another attempt may mend; `final` is thrown when no attempt did. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly final: EncoderError;
  readonly retryAfterMs: number;

  constructor(final: EncoderError, retryAfterMs = 0) {
    super(final.message);
    this.final = final;
    this.retryAfterMs = retryAfterMs;
  }
}

interface RetryOptions {
  patience: Patience;
  signal?: AbortSignal | undefined;
  /** Since it was asked last. */
  hasProgressed?: () => boolean;
}

/**
 * Repeats what was interrupted, after a wait that doubles with each failure in a row and is random below that ("full jitter"), so that many
 * clients of a server that comes back do not come back at once.
 */
export async function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { patience, signal, hasProgressed = () => false } = options;
  let failures = 0;
  for (;;) {
    throwIfAborted(signal);
    try {
      return await attempt();
    } catch (error) {
      if (signal?.aborted) throw cancelled();
      if (!(error instanceof Interrupted)) throw error;
      failures = hasProgressed() ? 1 : failures + 1;
      if (failures >= patience.attempts) throw error.final;
      const ceiling = Math.min(patience.maxBackoffMs, patience.backoffMs * 2 ** (failures - 1));
      const asked = Math.min(error.retryAfterMs, patience.maxBackoffMs);
      await wait(Math.max(asked, ceiling * patience.random()), undefined, signal ? { signal } : {}).catch(
        () => {},
      );
    }
  }
}
