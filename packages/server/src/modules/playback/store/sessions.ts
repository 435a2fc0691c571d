import { sql } from "kysely";
import { FlixError } from "../../../kernel/errors.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { PlaybackContext } from "../context.ts";
import { silentSince } from "../streams.ts";
import type { SessionRow } from "../tables.ts";

/**
 * Makes the starts of one account wait for each other until the transaction ends: otherwise two that begin at once both
 * count the streams before either is there.
 */
export async function lockAccount(
  unit: Unit,
  { database }: PlaybackContext,
  accountId: string,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`playback.account:${accountId}`}, 0))`.execute(
    unit.on(database),
  );
}

export async function insertSession(
  unit: Unit,
  { database }: PlaybackContext,
  row: SessionRow,
): Promise<void> {
  await unit.on(database).insertInto("sessions").values(row).execute();
}

/** The account's sessions that have not ended; call `endSilentSessions` before, where silence counts as an end. */
export async function selectOpenSessions(
  unit: Unit,
  { database }: PlaybackContext,
  accountId: string,
): Promise<SessionRow[]> {
  return unit
    .on(database)
    .selectFrom("sessions")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("ended_at", "is", null)
    .orderBy("id")
    .execute();
}

/** Newest first. */
export async function selectLiveSessions(
  unit: Unit,
  { database, clock }: PlaybackContext,
  { accountId, beforeId, limit }: { accountId: string; beforeId?: string | undefined; limit: number },
): Promise<SessionRow[]> {
  let query = unit
    .on(database)
    .selectFrom("sessions")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("ended_at", "is", null)
    .where("last_heartbeat_at", ">", silentSince(clock.now()))
    .orderBy("id", "desc")
    .limit(limit);
  if (beforeId !== undefined) query = query.where("id", "<", beforeId);
  return query.execute();
}

/** Reads a session that is about to change; others who want to change it wait. */
export async function lockSession(
  unit: Unit,
  { database }: PlaybackContext,
  accountId: string,
  sessionId: string,
): Promise<SessionRow> {
  const row = await ownSession(unit, { database }, accountId, sessionId).forUpdate().executeTakeFirst();
  if (!row) throw new FlixError("playback_session_not_found");
  return row;
}

export async function findOwnSession(
  unit: Unit,
  { database }: PlaybackContext,
  accountId: string,
  sessionId: string,
): Promise<SessionRow> {
  const row = await ownSession(unit, { database }, accountId, sessionId).executeTakeFirst();
  if (!row) throw new FlixError("playback_session_not_found");
  return row;
}

function ownSession(
  unit: Unit,
  { database }: Pick<PlaybackContext, "database">,
  accountId: string,
  sessionId: string,
) {
  return unit
    .on(database)
    .selectFrom("sessions")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("id", "=", sessionId);
}

export async function findSession(
  unit: Unit,
  { database }: PlaybackContext,
  sessionId: string,
): Promise<Pick<SessionRow, "last_heartbeat_at" | "ended_at"> | undefined> {
  return unit
    .on(database)
    .selectFrom("sessions")
    .select(["last_heartbeat_at", "ended_at"])
    .where("id", "=", sessionId)
    .executeTakeFirst();
}

export async function noteHeartbeat(
  unit: Unit,
  { database, clock }: PlaybackContext,
  { account_id, id }: SessionRow,
  heard: Pick<SessionRow, "state" | "position_seconds">,
): Promise<void> {
  await unit
    .on(database)
    .updateTable("sessions")
    .set({ ...heard, last_heartbeat_at: clock.now() })
    .where("account_id", "=", account_id)
    .where("id", "=", id)
    .execute();
}

/** Which of the open sessions to end. */
export type OpenSessions =
  | { accountId: string; sessionId?: string; deviceId?: string; silent?: true }
  | { titleId: string };

/**
 * Ends open sessions and answers those that this call ended. The condition is checked again on a row that another
 * transaction held: a heartbeat that came first keeps its session.
 */
export async function endSessions(
  unit: Unit,
  { database, clock }: PlaybackContext,
  which: OpenSessions,
): Promise<SessionRow[]> {
  let query = unit
    .on(database)
    .updateTable("sessions")
    .set({ ended_at: clock.now() })
    .where("ended_at", "is", null)
    .returningAll();
  if ("titleId" in which) return query.where("title_id", "=", which.titleId).execute();
  query = query.where("account_id", "=", which.accountId);
  if (which.sessionId !== undefined) query = query.where("id", "=", which.sessionId);
  if (which.deviceId !== undefined) query = query.where("device_id", "=", which.deviceId);
  if (which.silent) query = query.where("last_heartbeat_at", "<=", silentSince(clock.now()));
  return query.execute();
}

/** Ends up to `limit` silent sessions of all accounts; skips rows that a request is about to decide on. */
export async function endSilentSessions(
  unit: Unit,
  { database, clock }: PlaybackContext,
  limit: number,
): Promise<SessionRow[]> {
  const queries = unit.on(database);
  const silent = queries
    .selectFrom("sessions")
    .select("id")
    .where("ended_at", "is", null)
    .where("last_heartbeat_at", "<=", silentSince(clock.now()))
    .limit(limit)
    .forUpdate()
    .skipLocked();
  return queries
    .updateTable("sessions")
    .set({ ended_at: clock.now() })
    .where("id", "in", silent)
    .returningAll()
    .execute();
}

export async function deleteSessionsEndedBefore(
  unit: Unit,
  { database }: PlaybackContext,
  time: Date,
): Promise<void> {
  await unit.on(database).deleteFrom("sessions").where("ended_at", "<", time).execute();
}
