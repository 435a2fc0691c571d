/** Serialised answers that may be shown to everybody who asks alike, for a while. */
export interface ResponseCache {
  /** Taken before the answer is read: what is kept there after an invalidation is not found again. */
  place(group: string, key: string): CachePlace;
  /** Forgets every answer of a group, in every process that can be reached; called after a change has committed. */
  invalidate(group: string): void | Promise<void>;
}

/**
 * Bodies are strings: Node sends a string together with the headers in one system call that copies once, and a buffer by
 * `writev`, which took half of the time of a kept answer of 15 KB (`pnpm bench api`).
 */
export interface CachePlace {
  /** What this process keeps. */
  get(): string | undefined;
  /** Asks what other processes share; undefined where there is nobody to ask. */
  find: (() => Promise<string | undefined>) | undefined;
  /** Keeps the body and gives it back. */
  set(body: string): string;
}
