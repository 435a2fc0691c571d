/** Where the process stands: probes read it, start and stop move it. */
export interface Lifecycle {
  readonly state: "starting" | "serving" | "draining";
  /** Fires when draining begins, for what has no end of its own. */
  readonly draining: AbortSignal;
  serve(): void;
  drain(): void;
}

export function createLifecycle(): Lifecycle {
  const draining = new AbortController();
  let serving = false;
  return {
    get state() {
      if (draining.signal.aborted) return "draining";
      return serving ? "serving" : "starting";
    },
    draining: draining.signal,
    serve: () => void (serving = true),
    drain: () => draining.abort(),
  };
}
