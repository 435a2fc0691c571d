/** Maps items with so many at a time; the first failure is thrown once those under way have ended. */
export async function mapTogether<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  atATime: number,
  map: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = numbered(items);
  let failed = false;
  const work = async () => {
    for await (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await map(item, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: atATime }, work));
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure) throw failure.reason;
  return results;
}

/** One generator that all workers draw from: each item goes to one of them. */
async function* numbered<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
): AsyncGenerator<[index: number, item: Item]> {
  let index = 0;
  for await (const item of items) {
    yield [index, item];
    index += 1;
  }
}
