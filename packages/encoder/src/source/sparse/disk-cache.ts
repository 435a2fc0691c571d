import { cancelled, noSpace } from "../../errors.ts";
import { freeBytes } from "../../plan/estimate.ts";

/** Files that can be made again, as many as a budget holds; what was not used for the longest time goes first. */
export interface DiskCache<Made extends Cached> {
  has(key: string): boolean;
  /** Makes what is not there, once however many ask for it at a time. It is not removed while it is used. */
  use<T>(
    key: string,
    make: () => Promise<Made>,
    work: (made: Made) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** Makes room for so many bytes; throws `no_space` where the budget or the disk cannot have it. */
  reserve(bytes: number): Promise<void>;
  /** Removes all that is not used. */
  clear(): Promise<void>;
}

export interface Cached {
  bytes: number;
  remove(): Promise<void>;
}

interface Entry<Made> {
  making: Promise<Made>;
  made: Made | null;
  users: number;
}

export function createDiskCache<Made extends Cached>(folder: string, budgetBytes: number): DiskCache<Made> {
  /** In the order of their last use. */
  const entries = new Map<string, Entry<Made>>();
  const evict = async (allowedBytes: number): Promise<void> => {
    let used = [...entries.values()].reduce((sum, { made }) => sum + (made?.bytes ?? 0), 0);
    for (const [key, { made, users }] of entries) {
      if (used <= allowedBytes) return;
      if (!made || users > 0) continue;
      entries.delete(key);
      used -= made.bytes;
      await made.remove();
    }
  };
  const enter = (key: string, make: () => Promise<Made>): Entry<Made> => {
    const entry: Entry<Made> = entries.get(key) ?? { making: make(), made: null, users: 0 };
    if (!entries.delete(key)) {
      entry.making.then(
        (made) => (entry.made = made),
        () => entries.delete(key),
      );
    }
    entries.set(key, entry);
    return entry;
  };
  return {
    has: (key) => entries.has(key),
    async use(key, make, work, signal) {
      const entry = enter(key, make);
      entry.users += 1;
      try {
        const made = await unlessAborted(entry.making, signal);
        return await work(made);
      } finally {
        entry.users -= 1;
        await evict(budgetBytes);
      }
    },
    async reserve(bytes) {
      if (bytes > budgetBytes) throw noSpace(folder, bytes);
      await evict(budgetBytes - bytes);
      if ((await freeBytes(folder)) < bytes) await evict(0);
      if ((await freeBytes(folder)) < bytes) throw noSpace(folder, bytes);
    },
    clear: () => evict(-1),
  };
}

/** Whoever stops waiting leaves the others their file. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(cancelled());
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
