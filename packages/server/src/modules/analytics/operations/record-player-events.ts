import { setTimeout as delay } from "node:timers/promises";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { requireAccount } from "../../../kernel/security.ts";
import type { AnalyticsContext } from "../context.ts";
import { addEvents, findOwnSessions } from "../store.ts";

export const recordPlayerEvents: Handler<"recordPlayerEvents", AnalyticsContext> = async (
  { body: { events }, principal, unit },
  context,
) => {
  const { id: accountId } = requireAccount(principal);
  await requireOwnSessions(accountId, [...new Set(events.map(({ session_id }) => session_id))], context);
  const accepted = await addEvents(unit.on(context.database), accountId, events, context.clock.now());
  unit.afterCommit(() => context.feed.wake());
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
  { database, units }: AnalyticsContext,
): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    const own = await findOwnSessions(units.read().on(database), accountId, ids);
    const missing = ids.find((id) => !own.has(id));
    if (missing === undefined) return;
    if (waitedMs >= patienceMs) {
      throw new FlixError("playback_session_not_found", {
        detail: `There is no session ${missing}; nothing was recorded.`,
      });
    }
    await delay(pauseMs);
  }
}
