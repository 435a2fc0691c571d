/**
 * Runs work on every item, at most `limit` at a time, in order of the list. The first failure fires the signal of the others and is thrown once
 * all of them have ended, so that nothing is still running when the caller hears of it. Where the caller's own signal ends it, results are missing.
 * `slot` tells those apart that run at once, from 1.
 */
export async function runPool<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, signal: AbortSignal, slot: number) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const worker = async (slot: number): Promise<void> => {
    for (const [index, item] of queue) {
      if (either.aborted) return;
      try {
        results[index] = await work(item, either, slot);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, (_, index) => worker(index + 1)));
  if (failures.length > 0) throw failures[0];
  return results;
}
