import type { Subscription } from "../../engines/events/event-stream.ts";
import type { AnalyticsContext } from "./context.ts";
import { toSessionBatch } from "./session-batches.ts";
import { addEvents } from "./store.ts";

export function createSubscriptions({
  database,
  feed,
}: Pick<AnalyticsContext, "database" | "feed">): Subscription[] {
  return [
    {
      topic: "player-events",
      group: "analytics",
      handle: async (messages, unit) => {
        const added = await addEvents(unit.on(database), messages.map(toSessionBatch));
        unit.afterCommit(() => feed.wake());
        return added;
      },
    },
  ];
}
