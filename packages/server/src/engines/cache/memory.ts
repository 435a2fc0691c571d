import type { Clock } from "../../kernel/clock.ts";
import { keepAnswers } from "./kept-answers.ts";
import type { ResponseCache } from "./response-cache.ts";

/** Other processes' changes are seen this late. */
export const untoldMs = 1_000;

/** A cache of this process alone. */
export function createMemoryCache(clock: Clock, limitBytes?: number): ResponseCache {
  const answers = keepAnswers(limitBytes);
  const generations = new Map<string, number>();
  return {
    place(group, key) {
      // Answers of an older generation are never found again, and leave as the oldest.
      const name = `${group}\n${generations.get(group) ?? 0}\n${key}`;
      return {
        find: undefined,
        get() {
          const answer = answers.get(name);
          return answer && answer.until > clock.now().getTime() ? answer.body : undefined;
        },
        set(body) {
          const until = clock.now().getTime() + untoldMs;
          answers.set(name, { body, until, untilWhileTold: until });
          return body;
        },
      };
    },
    invalidate: (group) => void generations.set(group, (generations.get(group) ?? 0) + 1),
  };
}
