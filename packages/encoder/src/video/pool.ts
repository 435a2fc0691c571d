/**
 * Runs work on every item, at most `limit` at a time, in order of the list. The first failure fires the signal of the others and is thrown once
 * all of them have ended, so that nothing is still running when the caller hears of it. Where the caller's own signal ends it, results are missing.
 */
export async function runPool<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (either.aborted) return;
      try {
        results[index] = await work(item, either);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
