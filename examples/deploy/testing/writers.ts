import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Flix } from "@flix/sdk";
import type { Book } from "./book.ts";

/** A signed-in viewer with a profile, who plays a film on one device already. */
export interface PlayingViewer {
  flix: Flix;
  profileId: string;
  titleId: string;
  sessionId: string;
}

export interface Platform {
  staff: Flix;
  planId: string;
  /** Changes while writers are at work, as access tokens end. */
  viewer: () => PlayingViewer;
}

/** Between two writes of a writer: the machine has to kill and to start again beside it. */
const pauseMs = 10;
/** What each heartbeat says was played. */
const heartbeatPlayMs = 1_000;

/** Clients that write one thing after another until the signal ends them, into the platform and into the book. */
export async function keepWriting(platform: Platform, book: Book, signal: AbortSignal): Promise<void> {
  const writers = [publishSeries, subscribeCustomer, playOnTelevision, beatOnPhone, moveOn];
  await Promise.all(
    writers.map(async (write) => {
      for (let number = 1; !signal.aborted; number += 1) {
        await write(platform, book, number);
        await delay(pauseMs);
      }
    }),
  );
}

type Writer = (platform: Platform, book: Book, number: number) => Promise<unknown>;

const publishSeries: Writer = async ({ staff }, book, number) => {
  const title = `Series ${number}`;
  const id = await book.write("title", [title], async () => {
    return (await staff.createTitle({ body: { kind: "series", title } })).id;
  });
  if (id === undefined) return;
  await book.write("published", [id], async () => (await staff.publishTitle({ title_id: id })).state);
};

const subscribeCustomer: Writer = async ({ staff, planId }, book, number) => {
  const email = `customer-${number}@example.org`;
  const account_id = await book.write("account", [email], async () => {
    return (await staff.createAccount({ body: { email, name: "Customer", country: "GB" } })).id;
  });
  if (account_id === undefined) return;
  const body = { account_id, plan_id: planId, payment_method: "pm_card_visa" };
  await book.write("subscription", [account_id], async () => (await staff.createSubscription({ body })).id);
};

/** A whole viewing: its session, its start, its heartbeats. The next one on the device ends it. */
const playOnTelevision: Writer = async ({ viewer }, book, number) => {
  const { flix, profileId: profile_id, titleId: title_id } = viewer();
  const name = `Viewing ${number}`;
  const device = { id: "television", kind: "tv" as const, name };
  const session = await book.write("session", [name], async () => {
    return (await flix.createPlaybackSession({ body: { profile_id, title_id, device } })).id;
  });
  if (session === undefined) return;
  await sendEvents(flix, book, session, [{ type: "attempt" }, { type: "start", video_start_time_ms: 300 }]);
  await sendEvents(flix, book, session, heartbeats(20));
};

const beatOnPhone: Writer = ({ viewer }, book) => {
  const { flix, sessionId } = viewer();
  return sendEvents(flix, book, sessionId, heartbeats(50));
};

/** Always further than before: where the staging left the film, and beyond. */
const moveOn: Writer = ({ viewer }, book, number) => {
  const { flix, profileId: profile_id, titleId: title_id } = viewer();
  const position_seconds = 13 + number / 1000;
  return book.write("position", [`${profile_id} ${position_seconds}`], async () => {
    const kept = await flix.setPosition({ profile_id, title_id, body: { position_seconds } });
    return String(kept.position_seconds);
  });
};

type Event = { type: "attempt" } | { type: "start"; video_start_time_ms: number } | Heartbeat;
interface Heartbeat {
  type: "heartbeat";
  play_ms: number;
}

function heartbeats(count: number): Heartbeat[] {
  return Array.from({ length: count }, () => ({ type: "heartbeat", play_ms: heartbeatPlayMs }));
}

/** An event is named by its id, its session and its type. */
function sendEvents(flix: Flix, book: Book, session_id: string, list: Event[]) {
  const client_ts = new Date().toISOString();
  const events = list.map((event, seq) => ({ event_id: eventId(), session_id, seq, client_ts, ...event }));
  const names = events.map(({ event_id, type }) => `${event_id} ${session_id} ${type}`);
  return book.write("player event", names, async () => {
    return String((await flix.recordPlayerEvents({ body: { events } })).accepted);
  });
}

/** What a report has to say of player events, by the names that they have in the book. */
export function measuresOf(names: Iterable<string>) {
  const events = [...names]
    .map((name) => name.split(" "))
    .map(([, session = "", type]) => ({ session, type }));
  const sessionsWith = (wanted: string) =>
    new Set(events.flatMap(({ session, type }) => (type === wanted ? [session] : [])));
  const attempted = sessionsWith("attempt");
  const beats = events.filter(({ session, type }) => type === "heartbeat" && attempted.has(session));
  return {
    attempts: attempted.size,
    starts: sessionsWith("start").size,
    watch_seconds: (beats.length * heartbeatPlayMs) / 1000,
  };
}

function eventId(): string {
  return randomUUID().replace(/^(.{14})./, "$17");
}
