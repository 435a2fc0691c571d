import type { Clock } from "../../kernel/clock.ts";

/** Serialised answers that may be shown to everybody who asks alike, for a short while. */
export interface ResponseCache {
  get(group: string, key: string): string | undefined;
  set(group: string, key: string, body: string): void;
  /** Forgets every answer of a group; called after a change has committed. */
  invalidate(group: string): void;
}

/** Other processes' changes are seen this late. */
const ttlMs = 1_000;
const maxCharacters = 32 * 1024 * 1024;

/** A cache in this process: least recently written goes first when it is full. */
export function createMemoryCache(clock: Clock): ResponseCache {
  const answers = new Map<string, { body: string; until: number }>();
  const generations = new Map<string, number>();
  let characters = 0;
  const drop = (name: string, body: string) => {
    answers.delete(name);
    characters -= body.length;
  };
  const nameOf = (group: string, key: string) => `${group}\n${generations.get(group) ?? 0}\n${key}`;
  return {
    get(group, key) {
      const answer = answers.get(nameOf(group, key));
      return answer && answer.until > clock.now().getTime() ? answer.body : undefined;
    },
    set(group, key, body) {
      const name = nameOf(group, key);
      const known = answers.get(name);
      if (known) drop(name, known.body);
      answers.set(name, { body, until: clock.now().getTime() + ttlMs });
      characters += body.length;
      for (const [oldest, { body: old }] of answers) {
        if (characters <= maxCharacters) break;
        drop(oldest, old);
      }
    },
    // Answers of an older generation are never found again, and leave as the oldest.
    invalidate: (group) => void generations.set(group, (generations.get(group) ?? 0) + 1),
  };
}
