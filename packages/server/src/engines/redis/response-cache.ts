import type { Clock } from "../../kernel/clock.ts";
import { keepAnswers, type KeptAnswers } from "../cache/kept-answers.ts";
import { untoldMs } from "../cache/memory.ts";
import type { CachePlace, ResponseCache } from "../cache/response-cache.ts";
import { agreeOnGenerations } from "./generations.ts";
import type { RedisLink } from "./link.ts";
import { shareValues, type SharedValues } from "./shared-values.ts";

/**
 * Answers read so soon after a change are not kept for long, nor shared: a replica may have been asked that had not heard of
 * the change yet, or a process that was about to.
 */
const settlingMs = 5_000;
const minuteMs = 60_000;

/**
 * A cache in this process, asked first and at once, over one in Redis that all processes share. While the link is up changes
 * are told at once, and answers live until the end of their minute, when availability windows open and close; while it is
 * down they live for a second, as in a process that is alone.
 */
export function createRedisCache(link: RedisLink, clock: Clock, limitBytes?: number): ResponseCache {
  const place: Place = { link, clock, answers: keepAnswers(limitBytes), shared: shareValues(link, "answer") };
  const generations = agreeOnGenerations(link, clock);
  return {
    place(group, key) {
      const { id, since } = generations.of(group);
      const settled = clock.now().getTime() - since >= settlingMs;
      return placeOf(place, `${group}\n${id}\n${key}`, settled);
    },
    invalidate: (group) => generations.advance(group),
  };
}

interface Place {
  link: RedisLink;
  clock: Clock;
  answers: KeptAnswers;
  shared: SharedValues;
}

function placeOf({ link, clock, answers, shared }: Place, name: string, settled: boolean): CachePlace {
  return {
    get() {
      const answer = answers.get(name);
      if (answer === undefined) return undefined;
      const now = clock.now().getTime();
      const good = answer.until > now || (answer.untilWhileTold > now && link.isUp);
      return good ? answer.body : undefined;
    },
    find: settled && link.isUp ? find : undefined,
    set(body) {
      const now = clock.now().getTime();
      const endOfMinute = endOfMinuteOf(now);
      const until = Math.min(now + untoldMs, settled ? endOfMinute : Infinity);
      answers.set(name, { body, until, untilWhileTold: settled ? endOfMinute : until });
      if (settled) shared.set(`${name}\n${endOfMinute}`, body, endOfMinute - now);
      return body;
    },
  };

  async function find(): Promise<string | undefined> {
    const now = clock.now().getTime();
    const endOfMinute = endOfMinuteOf(now);
    const found = await shared.get(`${name}\n${endOfMinute}`);
    if (found === undefined) return undefined;
    const body = found.value.toString();
    // It may be older than a second: good for no moment without the link.
    answers.set(name, { body, until: now, untilWhileTold: endOfMinute });
    return body;
  }
}

function endOfMinuteOf(now: number): number {
  return now - (now % minuteMs) + minuteMs;
}
