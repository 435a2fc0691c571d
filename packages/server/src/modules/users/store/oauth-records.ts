import type { Insertable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";
import type { UsersTables } from "../tables.ts";

export type OauthRecordDraft = Omit<Insertable<UsersTables["oauth_records"]>, "consumed_at">;
export interface OauthRecord {
  id_hash: Buffer;
  payload: Buffer;
  consumed_at: Date | null;
}

/** One of the ways to name a record. */
export type OauthRecordKey = { id_hash: Buffer } | { uid: string } | { user_code_hash: Buffer };

/** Saving a record again leaves it consumed if it was. */
export async function upsertOauthRecord(
  unit: Unit,
  { database }: UsersContext,
  draft: OauthRecordDraft,
): Promise<void> {
  const { model: _model, id_hash: _idHash, ...changes } = draft;
  await unit
    .on(database)
    .insertInto("oauth_records")
    .values(draft)
    .onConflict((conflict) => conflict.columns(["model", "id_hash"]).doUpdateSet(changes))
    .execute();
}

export async function findOauthRecord(
  unit: Unit,
  { database }: UsersContext,
  model: string,
  key: OauthRecordKey,
): Promise<OauthRecord | undefined> {
  return unit
    .on(database)
    .selectFrom("oauth_records")
    .select(["id_hash", "payload", "consumed_at"])
    .where("model", "=", model)
    .where((where) => where.and(key))
    .executeTakeFirst();
}

/** Whether this call is the one that consumed it: of two at a time, one is. */
export async function consumeOauthRecord(
  unit: Unit,
  { database, clock }: UsersContext,
  model: string,
  idHash: Buffer,
): Promise<boolean> {
  const { numUpdatedRows } = await unit
    .on(database)
    .updateTable("oauth_records")
    .set({ consumed_at: clock.now() })
    .where("model", "=", model)
    .where("id_hash", "=", idHash)
    .where("consumed_at", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export async function removeOauthRecord(
  unit: Unit,
  { database }: UsersContext,
  model: string,
  idHash: Buffer,
): Promise<void> {
  await unit
    .on(database)
    .deleteFrom("oauth_records")
    .where("model", "=", model)
    .where("id_hash", "=", idHash)
    .execute();
}

export async function removeRecordsOfGrant(
  unit: Unit,
  { database }: UsersContext,
  model: string,
  grantId: string,
): Promise<void> {
  await unit
    .on(database)
    .deleteFrom("oauth_records")
    .where("model", "=", model)
    .where("grant_id", "=", grantId)
    .execute();
}

/** Ends a grant with all codes and tokens that came of it. */
export async function removeGrant(
  unit: Unit,
  { database }: UsersContext,
  grantId: string,
  idHash: Buffer,
): Promise<void> {
  await unit
    .on(database)
    .deleteFrom("oauth_records")
    .where(({ eb, and, or }) => or([eb("grant_id", "=", grantId), and({ model: "Grant", id_hash: idHash })]))
    .execute();
}

/** Ends every session, grant, code and refresh token of an account or operator. */
export async function removeRecordsOfHolder(
  unit: Unit,
  { database }: UsersContext,
  holderId: string,
): Promise<void> {
  await unit.on(database).deleteFrom("oauth_records").where("holder_id", "=", holderId).execute();
}

/** Used ones stay until they expire, so that a replay is known as one. */
export async function removeExpiredRecords(unit: Unit, { database, clock }: UsersContext): Promise<void> {
  await unit.on(database).deleteFrom("oauth_records").where("expires_at", "<=", clock.now()).execute();
}

/** Whether tokens of this grant still count. */
export async function isGrantAlive(
  unit: Unit,
  { database, clock }: UsersContext,
  idHash: Buffer,
): Promise<boolean> {
  const row = await unit
    .on(database)
    .selectFrom("oauth_records")
    .select("model")
    .where("model", "=", "Grant")
    .where("id_hash", "=", idHash)
    .where("expires_at", ">", clock.now())
    .executeTakeFirst();
  return row !== undefined;
}
