import type { components } from "@flix/openapi";
import type { StreamMessage } from "../../engines/events/event-stream.ts";
import type { SessionBatch } from "./store.ts";

type PlayerEvent = components["schemas"]["PlayerEvent"];

/** Events of a message: with every text as long as it may be they stay below the 1 MiB that a broker takes. */
const eventsTogether = 100;

/** A request's events as messages, keyed by their session. */
export function toMessages(accountId: string, events: PlayerEvent[], at: Date): StreamMessage[] {
  const common = { account_id: accountId, server_ts: at.toISOString() };
  return [...Map.groupBy(events, ({ session_id }) => session_id)].flatMap(([key, ofSession]) =>
    Array.from({ length: Math.ceil(ofSession.length / eventsTogether) }, (_, index) => {
      const part = ofSession.slice(index * eventsTogether, (index + 1) * eventsTogether);
      return { key, headers: { ...common, count: String(part.length) }, value: JSON.stringify(part) };
    }),
  );
}

/** What is no batch fails in the database, which says what is wrong with it. */
export function toSessionBatch({ key, value, headers }: StreamMessage): SessionBatch {
  const { account_id, server_ts, count } = headers;
  if (account_id === undefined || server_ts === undefined)
    throw new Error("The message has no header account_id or server_ts");
  const events = { account_id, session_id: key, server_ts, events: value };
  return { ...events, count: count === undefined ? lengthOf(value) : Number(count) };
}

/** The version before sent no count. */
function lengthOf(value: string): number {
  const events: unknown = JSON.parse(value);
  return Array.isArray(events) ? events.length : 0;
}
