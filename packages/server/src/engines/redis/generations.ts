import { randomUUID } from "node:crypto";
import type { Clock } from "../../kernel/clock.ts";
import type { RedisLink } from "./link.ts";

export interface Generation {
  /** Never the same twice, so that no lost key or restarted server brings old answers back. */
  id: string;
  /** When this process learned of it (Unix ms). */
  since: number;
}

/** Which generation each group of answers is in, agreed upon by all processes. */
export interface Generations {
  of(group: string): Generation;
  /** Begins another; resolves when every process that listens has been told, or cannot be. Never fails. */
  advance(group: string): Promise<void>;
}

const channel = "generations";

const begin = `
redis.call('SET', KEYS[1], ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[3] .. ' ' .. ARGV[1])
return ARGV[1]`;

const learn = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])`;

/**
 * A change sets the group's key and publishes it, in one script. Messages come in the order in which Redis ran the scripts, so
 * the last one heard is the one that the key holds. A process that was cut off begins new generations when it is back: others
 * may have changed something meanwhile and died before they could say so.
 */
export function agreeOnGenerations(link: RedisLink, clock: Clock): Generations {
  const known = new Map<string, Generation>();
  /** Changed, and nobody could be told yet. */
  const untold = new Set<string>();
  const adopt = (group: string, id: string) => {
    if (known.get(group)?.id !== id) known.set(group, { id, since: clock.now().getTime() });
  };
  const keyOf = (group: string) => link.key(`generation:${group}`);
  const announce = async (group: string, id: string) => {
    await link.run(begin, keyOf(group), [id, link.key(channel), group]);
    untold.delete(group);
  };
  const ask = async (group: string, id: string) => {
    const held = String(await link.run(learn, keyOf(group), [id]));
    // What a change or a message has put there meanwhile is newer.
    if (known.get(group)?.id === id) adopt(group, held);
  };
  link.listen(channel, (message) => {
    const [group = "", id = ""] = message.split(" ");
    adopt(group, id);
  });
  link.prepare(async (again) => {
    for (const group of new Set([...known.keys(), ...untold])) {
      if (again || untold.has(group)) await announce(group, randomUUID());
      else await ask(group, generations.of(group).id);
    }
  });
  const generations: Generations = {
    of(group) {
      const generation = known.get(group);
      if (generation) return generation;
      const first = { id: randomUUID(), since: clock.now().getTime() };
      known.set(group, first);
      // Where it fails the link is lost, and what is known is asked for on the next one.
      ask(group, first.id).catch(() => {});
      return first;
    },
    async advance(group) {
      const id = randomUUID();
      adopt(group, id);
      untold.add(group);
      await announce(group, id).catch(() => {});
    },
  };
  return generations;
}
