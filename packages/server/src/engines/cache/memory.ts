import type { Clock } from "../../kernel/clock.ts";

/** Serialised answers that may be shown to everybody who asks alike, for a short while. */
export interface ResponseCache {
  /** Taken before the answer is read: what is kept there after an invalidation is not found again. */
  place(group: string, key: string): CachePlace;
  /** Forgets every answer of a group; called after a change has committed. */
  invalidate(group: string): void;
}

export interface CachePlace {
  get(): string | undefined;
  set(body: string): void;
}

/** Other processes' changes are seen this late. */
const ttlMs = 1_000;
const maxCharacters = 32 * 1024 * 1024;

/** A cache in this process: least recently written goes first when it is full. */
export function createMemoryCache(clock: Clock, limitCharacters = maxCharacters): ResponseCache {
  const answers = new Map<string, { body: string; until: number }>();
  const generations = new Map<string, number>();
  let characters = 0;
  const drop = (name: string, body: string) => {
    answers.delete(name);
    characters -= body.length;
  };
  const set = (name: string, body: string) => {
    const known = answers.get(name);
    if (known) drop(name, known.body);
    answers.set(name, { body, until: clock.now().getTime() + ttlMs });
    characters += body.length;
    for (const [oldest, { body: old }] of answers) {
      if (characters <= limitCharacters) break;
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
        set: (body) => set(name, body),
      };
    },
    invalidate: (group) => void generations.set(group, (generations.get(group) ?? 0) + 1),
  };
}
