import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { AnalyticsContext } from "./context.ts";
import { createFeed } from "./feed.ts";
import { createListeners } from "./listeners.ts";
import { createOwnSessions } from "./own-sessions.ts";
import { getPlaybackReport } from "./operations/get-playback-report.ts";
import { recordPlayerEvents } from "./operations/record-player-events.ts";
import { tailPlayerEvents } from "./operations/tail-player-events.ts";
import { createSubscriptions } from "./subscriptions.ts";

export interface Analytics {
  module: Module;
}

/** Player events in, live tail and reports out; it learns of sessions by events and knows no other module. */
export function createAnalytics({ clock, units, database, eventStream }: Kernel): Analytics {
  const context: AnalyticsContext = {
    clock,
    units,
    eventStream,
    database: database("analytics"),
    feed: createFeed(),
    ownSessions: createOwnSessions(),
  };
  const handlers = { getPlaybackReport, recordPlayerEvents, tailPlayerEvents };
  return {
    module: defineModule("analytics", context, handlers, {
      listeners: createListeners(context),
      subscriptions: createSubscriptions(context),
      fromReplica: ["getPlaybackReport"],
    }),
  };
}
