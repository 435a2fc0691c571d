import type { Clock } from "../src/clock.ts";

/** Sleeps take no time, but the clock moves as if they did; `sleeps` tells how long each was meant to be. */
export function createSkippingClock(random = 1): Clock & { sleeps: number[] } {
  let now = Date.parse("2026-11-22T09:30:00.000Z");
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    random: () => random,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      now += milliseconds;
    },
  };
}

interface Sleeper {
  at: number;
  milliseconds: number;
  wake: () => void;
}

/** Stands still until the test moves it. */
export function createHeldClock(): Clock & HeldClockControls {
  let now = Date.parse("2026-11-22T09:30:00.000Z");
  let sleepers: Sleeper[] = [];
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  return {
    now: () => now,
    random: () => 1,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + milliseconds, milliseconds, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason);
        });
        tell();
      }),
    advance(milliseconds) {
      now += milliseconds;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
    },
    async untilSleeping(milliseconds) {
      while (!sleepers.some((sleeper) => sleeper.milliseconds === milliseconds)) await changed.promise;
    },
  };
}

export interface HeldClockControls {
  advance(milliseconds: number): void;
  /** Resolves once somebody sleeps for just so long. */
  untilSleeping(milliseconds: number): Promise<void>;
}
