import type { Clock } from "../../kernel/clock.ts";

/** Serialised answers that may be shown to everybody who asks alike, for a short while. */
export interface ResponseCache {
  /** Taken before the answer is read: what is kept there after an invalidation is not found again. */
  place(group: string, key: string): CachePlace;
  /** Forgets every answer of a group; called after a change has committed. */
  invalidate(group: string): void;
}

export interface CachePlace {
  get(): Buffer | undefined;
  /** Keeps the body and gives it back. */
  set(body: Buffer): Buffer;
}

/** Other processes' changes are seen this late. */
const ttlMs = 1_000;
const maxBytes = 64 * 1024 * 1024;

/** A cache in this process: least recently written goes first when it is full. */
export function createMemoryCache(clock: Clock, limitBytes = maxBytes): ResponseCache {
  const answers = new Map<string, { body: Buffer; until: number }>();
  const generations = new Map<string, number>();
  let bytes = 0;
  const drop = (name: string, body: Buffer) => {
    answers.delete(name);
    bytes -= body.length;
  };
  const set = (name: string, body: Buffer) => {
    const known = answers.get(name);
    if (known) drop(name, known.body);
    answers.set(name, { body, until: clock.now().getTime() + ttlMs });
    bytes += body.length;
    for (const [oldest, { body: old }] of answers) {
      if (bytes <= limitBytes) break;
      drop(oldest, old);
    }
  };
  return {
    place(group, key) {
      // Answers of an older generation are never found again, and leave as the oldest.
      const name = `${group}\n${generations.get(group) ?? 0}\n${key}`;
      return {
        get() {
          const answer = answers.get(name);
          return answer && answer.until > clock.now().getTime() ? answer.body : undefined;
        },
        set(body) {
          set(name, body);
          return body;
        },
      };
    },
    invalidate: (group) => void generations.set(group, (generations.get(group) ?? 0) + 1),
  };
}
