/** Where the process stands: probes read it, start and stop move it. */
export interface Lifecycle {
  readonly state: "starting" | "serving" | "leaving" | "draining";
  /** Fires when the end is near, for what has no end of its own. */
  readonly leaving: AbortSignal;
  readonly draining: AbortSignal;
  serve(): void;
  /** Serves on, and says that others should be asked: a gateway needs a moment to learn of it. */
  leave(): void;
  /** Takes up nothing new. */
  drain(): void;
}

export function createLifecycle(): Lifecycle {
  const [leaving, draining] = [new AbortController(), new AbortController()];
  let serving = false;
  return {
    get state() {
      if (draining.signal.aborted) return "draining";
      if (leaving.signal.aborted) return "leaving";
      return serving ? "serving" : "starting";
    },
    leaving: leaving.signal,
    draining: draining.signal,
    serve: () => void (serving = true),
    leave: () => leaving.abort(),
    drain() {
      leaving.abort();
      draining.abort();
    },
  };
}
