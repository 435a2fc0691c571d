import { isDatabaseGone } from "../../kernel/database-faults.ts";
import { FlixError } from "../../kernel/errors.ts";

export interface TogetherOptions<Item, Result> {
  /** Does what several asked for, all or nothing; a result for each. */
  work: (items: Item[]) => Promise<Result[]>;
  sizeOf: (item: Item) => number;
  /** Size of what is done at once, unless one item alone is larger. */
  together: number;
  /** Size of what may wait. */
  waiting: number;
}

interface Waiting<Item, Result> extends PromiseWithResolvers<Result> {
  item: Item;
}

/**
 * Does one lot at a time; what comes meanwhile is the next, and what comes faster than it can be done is refused. A lot that fails
 * is done again one by one, so that nobody fails for what another brought; when the database is gone, nobody who waits for it is
 * kept waiting.
 */
export class Together<Item, Result> {
  readonly #options: TogetherOptions<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  #isWorking = false;

  constructor(options: TogetherOptions<Item, Result>) {
    this.#options = options;
  }

  /** Throws the problem `unavailable` when too much waits already. */
  add(item: Item): Promise<Result> {
    const { sizeOf, waiting } = this.#options;
    const size = this.#waiting.reduce((sum, other) => sum + sizeOf(other.item), sizeOf(item));
    if (this.#waiting.length > 0 && size > waiting) return Promise.reject(tooMuch());
    const one = { item, ...Promise.withResolvers<Result>() };
    this.#waiting.push(one);
    if (!this.#isWorking) void this.#workOff();
    return one.promise;
  }

  async #workOff(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) await this.#do(this.#take());
    this.#isWorking = false;
  }

  #take(): Waiting<Item, Result>[] {
    const { sizeOf, together } = this.#options;
    let size = 0;
    const next = this.#waiting.findIndex(({ item }) => (size += sizeOf(item)) > together);
    return this.#waiting.splice(0, next === -1 ? this.#waiting.length : Math.max(1, next));
  }

  async #do(lot: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.work(lot.map(({ item }) => item));
      for (const [index, { resolve, reject }] of lot.entries()) {
        const result = results[index];
        if (result === undefined) reject(new Error("There is no result"));
        else resolve(result);
      }
    } catch (error) {
      await this.#fail(lot, error);
    }
  }

  async #fail(lot: Waiting<Item, Result>[], error: unknown): Promise<void> {
    if (isDatabaseGone(error)) {
      for (const { reject } of [...lot, ...this.#waiting.splice(0)]) reject(error);
    } else if (lot.length === 1) lot[0]?.reject(error);
    else for (const one of lot) await this.#do([one]);
  }
}

function tooMuch(): FlixError {
  return new FlixError("unavailable", {
    detail: "More comes than can be kept now; send it again.",
    headers: { "retry-after": "5" },
  });
}
