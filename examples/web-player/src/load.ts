import { useCallback, useEffect, useState } from "react";
import { FlixError, isFlixError } from "@flix/sdk";

export type Loaded<T> =
  | { state: "loading" }
  | { state: "ready"; value: T }
  | { state: "failed"; error: FlixError };

/**
 * Loads what a page shows, again whenever `key` changes, and drops answers that come too late. `reload` keeps what is
 * shown until the new answer is there. The function itself may be a new one on every render; only `key` counts.
 */
export function useLoad<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
): Loaded<T> & { reload: () => void } {
  const [turn, setTurn] = useState(0);
  const [result, setResult] = useState<{ key: string; loaded: Loaded<T> }>();
  useEffect(() => {
    const abort = new AbortController();
    const settle = (loaded: Loaded<T>) => {
      if (!abort.signal.aborted) setResult({ key, loaded });
    };
    load(abort.signal).then(
      (value) => settle({ state: "ready", value }),
      (error: unknown) => settle({ state: "failed", error: asFlixError(error) }),
    );
    return () => abort.abort();
    // oxlint-disable-next-line react/exhaustive-deps -- `key` stands for everything that `load` closes over.
  }, [key, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  const current: Loaded<T> = result?.key === key ? result.loaded : { state: "loading" };
  return { ...current, reload };
}

/** Whatever was thrown, with a code that the pages have words for. */
export function asFlixError(error: unknown): FlixError {
  if (isFlixError(error)) return error;
  return new FlixError("page_error", "The page met an error", { detail: String(error), cause: error });
}
