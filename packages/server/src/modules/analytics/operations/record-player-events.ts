import { setTimeout as delay } from "node:timers/promises";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { requireAccount } from "../../../kernel/security.ts";
import type { AnalyticsContext } from "../context.ts";
import { toMessages } from "../session-batches.ts";
import { findOwnSessions } from "../store.ts";

export const recordPlayerEvents: Handler<"recordPlayerEvents", AnalyticsContext> = async (
  { body: { events }, principal, unit },
  context,
) => {
  const { id: accountId } = requireAccount(principal);
  await requireOwnSessions(accountId, [...new Set(events.map(({ session_id }) => session_id))], context);
  const messages = toMessages(accountId, events, context.clock.now());
  const added = await context.eventStream.publish(unit, "player-events", messages);
  const accepted = added ?? new Set(events.map(({ event_id }) => event_id)).size;
  return { accepted, duplicates: events.length - accepted };
};

const patienceMs = 2_000;
const pauseMs = 100;

/**
 * Playback tells of a session by an event, which may arrive after the player's first batch: a session that is not
 * known yet is waited for, without holding a connection.
 */
async function requireOwnSessions(
  accountId: string,
  ids: string[],
  { database, units, ownSessions }: AnalyticsContext,
): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    const asked = ids.filter((id) => !ownSessions.has(accountId, id));
    if (asked.length === 0) return;
    for (const id of await findOwnSessions(units.read().on(database), accountId, asked))
      ownSessions.add(accountId, id);
    const missing = asked.find((id) => !ownSessions.has(accountId, id));
    if (missing === undefined) return;
    if (waitedMs >= patienceMs) {
      throw new FlixError("playback_session_not_found", {
        detail: `There is no session ${missing}; nothing was recorded.`,
      });
    }
    await delay(pauseMs);
  }
}
