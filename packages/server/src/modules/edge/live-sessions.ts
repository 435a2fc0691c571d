import type { Clock } from "../../kernel/clock.ts";

/** A stream asks for a file every second or two; a session that ends loses its media within this time. */
const recheckMs = 10_000;
const maxKnown = 20_000;

export type IsStreaming = (sessionId: string) => Promise<boolean>;

/** Remembers for a while which sessions live. */
export function rememberStreaming(isStreaming: IsStreaming, clock: Clock): IsStreaming {
  const known = new Map<string, { live: boolean; until: number }>();
  return async (sessionId) => {
    const now = clock.now().getTime();
    const hit = known.get(sessionId);
    if (hit && hit.until > now) return hit.live;
    const live = await isStreaming(sessionId);
    known.delete(sessionId);
    // The first is the one that was asked about the longest ago.
    if (known.size >= maxKnown) known.delete(known.keys().next().value ?? sessionId);
    known.set(sessionId, { live, until: now + recheckMs });
    return live;
  };
}
