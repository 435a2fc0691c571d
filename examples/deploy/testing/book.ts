import { isFlixError } from "@flix/sdk";

export const kinds = [
  "title",
  "published",
  "account",
  "subscription",
  "session",
  "player event",
  "position",
] as const;
export type Kind = (typeof kinds)[number];

/** What clients tried to write, by names that are used once, and what of it was acknowledged: the test's own account of it. */
export interface Book {
  /** Sends, and writes down that it was tried and, by what was answered, acknowledged; undefined where it was not. */
  write(kind: Kind, names: readonly string[], send: () => Promise<string>): Promise<string | undefined>;
  tried(kind: Kind): ReadonlySet<string>;
  /** What was answered, by name. */
  acknowledged(kind: Kind): ReadonlyMap<string, string>;
  /** Failures that no kill explains. */
  readonly surprises: readonly unknown[];
}

/** Of what was not acknowledged: no answer, no answer in time, "not now", and a session that events had not told of yet. */
const expected = new Set(["network_error", "timeout", "unavailable", "playback_session_not_found"]);

export function openBook(): Book {
  const tried = new Map<Kind, Set<string>>();
  const acknowledged = new Map<Kind, Map<string, string>>();
  const surprises: unknown[] = [];
  const triedOf = (kind: Kind) => ensure(tried, kind, () => new Set<string>());
  const acknowledgedOf = (kind: Kind) => ensure(acknowledged, kind, () => new Map<string, string>());
  return {
    surprises,
    tried: triedOf,
    acknowledged: acknowledgedOf,
    async write(kind, names, send) {
      for (const name of names) triedOf(kind).add(name);
      try {
        const answer = await send();
        for (const name of names) acknowledgedOf(kind).set(name, answer);
        return answer;
      } catch (error) {
        if (!isFlixError(error) || !expected.has(error.code)) surprises.push(error);
        return undefined;
      }
    },
  };
}

/** Each acknowledged one that is not there once, each that is there twice, and each that nobody tried. */
export function faultsOf(book: Book, kind: Kind, found: ReadonlyMap<string, number>) {
  return {
    lost: [...book.acknowledged(kind).keys()].filter((name) => !found.has(name)),
    doubled: [...found].filter(([, count]) => count > 1),
    unheardOf: [...found.keys()].filter((name) => !book.tried(kind).has(name)),
  };
}

export const noFaults = { lost: [], doubled: [], unheardOf: [] };

function ensure<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
