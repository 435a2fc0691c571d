import type { Clock } from "../../kernel/clock.ts";
import type { EventStream } from "../../engines/events/event-stream.ts";
import type { Database, Units } from "../../kernel/unit.ts";
import type { Feed } from "./feed.ts";
import type { OwnSessions } from "./own-sessions.ts";

export interface AnalyticsContext {
  clock: Clock;
  database: Database<object>;
  units: Units;
  eventStream: EventStream;
  /** Wakes the live tails of this process. */
  feed: Feed;
  ownSessions: OwnSessions;
}
