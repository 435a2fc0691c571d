import type { components } from "@flix/openapi";
import { sql, type QueryExecutorProvider, type RawBuilder } from "kysely";

export type ObservedPlayerEvent = components["schemas"]["ObservedPlayerEvent"];

export interface Session {
  account_id: string;
  session_id: string;
  profile_id: string;
  title_id: string;
  title: string;
  device: string;
  territory: string | null;
  duration_seconds: number;
}

export async function saveSession(db: QueryExecutorProvider, session: Session): Promise<void> {
  await sql`insert into analytics.sessions
    (account_id, session_id, profile_id, title_id, title, device, territory, duration_seconds)
    values (${session.account_id}, ${session.session_id}, ${session.profile_id}, ${session.title_id}, ${session.title},
      ${session.device}, ${session.territory}, ${session.duration_seconds})
    on conflict do nothing`.execute(db);
}

/** Which of the sessions are the account's own. */
export async function findOwnSessions(
  db: QueryExecutorProvider,
  accountId: string,
  ids: string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ session_id: string }>`select session_id from analytics.sessions
    where account_id = ${accountId} and session_id = any(${ids})`.execute(db);
  return new Set(rows.map(({ session_id }) => session_id));
}

/** Events of one session, as they came in one request. */
export interface SessionBatch {
  account_id: string;
  session_id: string;
  server_ts: string;
  /** A JSON array of the contract's player events. */
  events: string;
  /** How many they are. */
  count: number;
}

/**
 * Adds the events that are new and tells how many of each batch were. A batch goes as one JSON text, which PostgreSQL takes apart:
 * its rows would be 1,400 parameters, as an array every quote in it had to be escaped, and jsonb would be built for nothing. The
 * lock on the session keeps a deletion of its account from passing by rows that it does not see yet; what comes after the deletion
 * finds no session.
 */
export async function addEvents(db: QueryExecutorProvider, batches: SessionBatch[]): Promise<number[]> {
  const rows = batches.map(
    ({ account_id, session_id, server_ts, events }) =>
      sql`(${account_id}, ${session_id}, ${server_ts}::timestamptz, ${events}::json)`,
  );
  const sent = batches.reduce((sum, { count }) => sum + count, 0);
  const result = await sql<{ added: number; ids: string[] | null }>`
    with batches (account_id, session_id, server_ts, events) as (values ${sql.join(rows)}), known as (
      select account_id, session_id from analytics.sessions
      where (account_id, session_id) in (select account_id, session_id from batches) for key share
    ), added as (
      insert into analytics.player_events
      (account_id, event_id, session_id, seq, type, client_ts, server_ts, playhead_seconds, play_ms, stall_ms,
        video_start_time_ms, bitrate_kbps, height, cdn, error_code, error_message, fatal)
      select account_id, event_id, session_id, seq, type, client_ts, server_ts, playhead_seconds, play_ms, stall_ms,
        video_start_time_ms, bitrate_kbps, height, cdn, error_code, error_message, fatal
      from batches join known using (account_id, session_id),
        json_to_recordset(events) as event (event_id uuid, seq integer,
        type text, client_ts timestamptz, playhead_seconds double precision, play_ms integer, stall_ms integer,
        video_start_time_ms integer, bitrate_kbps integer, height integer, cdn text, error_code text,
        error_message text, fatal boolean)
      on conflict (account_id, event_id) do nothing returning account_id, event_id
    ) select count(*)::integer as added, case when count(*) < ${sent} then array_agg(account_id || ' ' || event_id) end as ids from added`.execute(
    db,
  );
  const [row] = result.rows;
  if (row?.added === sent) return batches.map(({ count }) => count);
  return countEach(batches, row?.ids ?? []);
}

/** Which batch an added event came with; of a repeat among them, the first. */
function countEach(batches: SessionBatch[], ids: string[]): number[] {
  const added = new Set(ids);
  return batches.map(
    (batch) => idsOf(batch.events).filter((id) => added.delete(`${batch.account_id} ${id}`)).length,
  );
}

function idsOf(events: string): string[] {
  const list: unknown = JSON.parse(events);
  return Array.isArray(list)
    ? list.map((event: unknown) => String(Reflect.get(Object(event), "event_id")))
    : [];
}

/** Personal data goes with the account; what remains are sums that nobody keeps. */
export async function forgetAccount(db: QueryExecutorProvider, accountId: string): Promise<void> {
  await sql`delete from analytics.player_events where account_id = ${accountId}`.execute(db);
  await sql`delete from analytics.sessions where account_id = ${accountId}`.execute(db);
}

export interface TailFilter {
  title_id?: string;
  device?: string;
  type?: string;
  session_id?: string;
}

export type PositionedEvent = { position: number; event: ObservedPlayerEvent };

/** The position after which a new tail begins. */
export async function lastPosition(db: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql<{ position: string | null }>`
    select max(position) as position from analytics.player_events`.execute(db);
  return Number(rows[0]?.position ?? 0);
}

/** The next events after a position up to another, in their order. */
export async function readEventsAfter(
  db: QueryExecutorProvider,
  { after, upTo }: { after: number; upTo: number },
  filter: TailFilter,
  limit: number,
): Promise<PositionedEvent[]> {
  const { rows } = await sql<EventRow>`
    select position::text as position, event_id, player_events.session_id, seq, client_ts, server_ts, type, title_id,
      profile_id, device, territory, playhead_seconds, play_ms, stall_ms, video_start_time_ms, bitrate_kbps, height, cdn,
      error_code, error_message, fatal
    from analytics.player_events join analytics.sessions using (account_id, session_id)
    where position > ${after} and position <= ${upTo}
      ${equals("title_id", filter.title_id)} ${equals("device", filter.device)} ${equals("type", filter.type)}
      ${equals("session_id", filter.session_id)}
    order by position limit ${limit}`.execute(db);
  return rows.map(toPositionedEvent);
}

function equals(column: string, value: string | undefined): RawBuilder<unknown> {
  return value === undefined
    ? sql``
    : sql`and ${sql.ref(column === "session_id" ? "player_events.session_id" : column)} = ${value}`;
}

type EventRow = { [Field in keyof ObservedPlayerEvent]: ObservedPlayerEvent[Field] | null } & {
  position: string;
};

/** Absent fields are left out, as the contract has it. */
function toPositionedEvent({ position, ...row }: EventRow): PositionedEvent {
  const present = Object.entries(row).filter(([, value]) => value !== null);
  return { position: Number(position), event: Object.fromEntries(present) as ObservedPlayerEvent };
}
