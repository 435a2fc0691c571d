/** Serialised answers that may be shown to everybody who asks alike, for a while. */
export interface ResponseCache {
  /** Taken before the answer is read: what is kept there after an invalidation is not found again. */
  place(group: string, key: string): CachePlace;
  /** Forgets every answer of a group, in every process that can be reached; called after a change has committed. */
  invalidate(group: string): void | Promise<void>;
}

export interface CachePlace {
  /** What this process keeps. */
  get(): Buffer | undefined;
  /** Asks what other processes share; undefined where there is nobody to ask. */
  find: (() => Promise<Buffer | undefined>) | undefined;
  /** Keeps the body and gives it back. */
  set(body: Buffer): Buffer;
}
