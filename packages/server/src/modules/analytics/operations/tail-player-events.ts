import { Readable } from "node:stream";
import type { Handler } from "../../../kernel/handler.ts";
import { WholeLog } from "../../../kernel/whole-log.ts";
import type { AnalyticsContext } from "../context.ts";
import { lastPosition, readEventsAfter, type TailFilter } from "../store.ts";

const pollMs = 1_000;
const keepAliveMs = 15_000;
const batch = 200;

export const tailPlayerEvents: Handler<"tailPlayerEvents", AnalyticsContext> = async (
  { query, headers, signal },
  context,
) => {
  const lastEventId = headers["last-event-id"];
  const db = context.units.read().on(context.database);
  const from =
    typeof lastEventId === "string" && /^\d{1,15}$/.test(lastEventId)
      ? Number(lastEventId)
      : await lastPosition(db);
  return Readable.from(lines(from, query, signal, context), { objectMode: false });
};

/** Server-sent events (HTML standard section 9.2): events as they come, a comment when there is nothing to say. */
async function* lines(
  from: number,
  filter: TailFilter,
  signal: AbortSignal,
  { units, database, feed }: AnalyticsContext,
): AsyncGenerator<string> {
  yield ": following\n\n";
  const log = new WholeLog({
    root: database.root,
    table: "analytics.player_events",
    from: () => Promise.resolve(from),
  });
  let position = from;
  let quietMs = 0;
  while (!signal.aborted) {
    const upTo = await log.end();
    const range = { after: position, upTo };
    const events = await readEventsAfter(units.read().on(database), range, filter, batch);
    for (const next of events) {
      position = next.position;
      yield `id: ${position}\nevent: player_event\ndata: ${JSON.stringify(next.event)}\n\n`;
    }
    if (events.length > 0) quietMs = 0;
    if (events.length === batch) continue;
    // What the filter leaves out is not looked at again.
    position = Math.max(position, upTo);
    const startedMs = performance.now();
    await feed.wait(pollMs, signal);
    quietMs += performance.now() - startedMs;
    if (quietMs < keepAliveMs) continue;
    quietMs = 0;
    yield ": nothing new\n\n";
  }
}
