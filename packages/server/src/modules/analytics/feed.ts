/** Wakes who follows the events when this process has recorded some; those of other processes are seen by polling. */
export interface Feed {
  wake(): void;
  /** Resolves at the next wake, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createFeed(): Feed {
  const waiting = new Set<() => void>();
  return {
    wake() {
      for (const resolve of waiting) resolve();
    },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          waiting.delete(end);
          signal.removeEventListener("abort", end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        waiting.add(end);
        if (signal.aborted) end();
        else signal.addEventListener("abort", end);
      }),
  };
}
