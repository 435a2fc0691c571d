import type { SharedValues } from "../../engines/redis/shared-values.ts";
import type { Clock } from "../../kernel/clock.ts";

/** A stream asks for a file every second or two; a session that ends loses its media within this time. */
const recheckMs = 10_000;
const maxKnown = 20_000;

export type IsStreaming = (sessionId: string) => Promise<boolean>;

/**
 * Remembers for a while which sessions live, and shares it with other processes where it can: a player's requests go to all
 * of them. What another one found is remembered for what is left of its time, so that nothing is known for longer than that.
 */
export function rememberStreaming(
  isStreaming: IsStreaming,
  clock: Clock,
  shared?: SharedValues,
): IsStreaming {
  const known = new Map<string, { live: boolean; until: number }>();
  const ask = async (sessionId: string) => {
    const found = await shared?.get(sessionId);
    if (found) return { live: found.value.toString() === "live", leftMs: Math.min(found.leftMs, recheckMs) };
    const live = await isStreaming(sessionId);
    shared?.set(sessionId, Buffer.from(live ? "live" : "ended"), recheckMs);
    return { live, leftMs: recheckMs };
  };
  return async (sessionId) => {
    const now = clock.now().getTime();
    const hit = known.get(sessionId);
    if (hit && hit.until > now) return hit.live;
    const { live, leftMs } = await ask(sessionId);
    known.delete(sessionId);
    // The first is the one that was asked about the longest ago.
    if (known.size >= maxKnown) known.delete(known.keys().next().value ?? sessionId);
    known.set(sessionId, { live, until: now + leftMs });
    return live;
  };
}
