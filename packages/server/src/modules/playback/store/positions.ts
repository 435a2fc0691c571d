import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { PlaybackContext } from "../context.ts";
import type { PositionRow } from "../tables.ts";

export type PositionKey = Pick<PositionRow, "account_id" | "profile_id" | "title_id">;

/** The last one wins; tells whether the position is another than before. */
export async function savePosition(
  unit: Unit,
  context: PlaybackContext,
  row: PositionRow,
): Promise<{ moved: boolean }> {
  const before = await findPosition(unit, context, row);
  await unit
    .on(context.database)
    .insertInto("positions")
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(["account_id", "profile_id", "title_id"]).doUpdateSet({
        series_id: row.series_id,
        position_seconds: row.position_seconds,
        duration_seconds: row.duration_seconds,
        updated_at: row.updated_at,
      }),
    )
    .execute();
  return { moved: before?.position_seconds !== row.position_seconds };
}

export async function findPosition(
  unit: Unit,
  { database }: PlaybackContext,
  { account_id, profile_id, title_id }: PositionKey,
): Promise<PositionRow | undefined> {
  return unit
    .on(database)
    .selectFrom("positions")
    .selectAll()
    .where("account_id", "=", account_id)
    .where("profile_id", "=", profile_id)
    .where("title_id", "=", title_id)
    .executeTakeFirst();
}

export async function selectPositions(
  unit: Unit,
  { database }: PlaybackContext,
  { accountId, profileId, titleIds }: { accountId: string; profileId: string; titleIds: string[] },
): Promise<Map<string, PositionRow>> {
  if (titleIds.length === 0) return new Map();
  const rows = await unit
    .on(database)
    .selectFrom("positions")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("profile_id", "=", profileId)
    .where("title_id", "in", titleIds)
    .execute();
  return new Map(rows.map((row) => [row.title_id, row]));
}

/** A place in the order of `selectLatest`. */
export type LatestCursor = Pick<PositionRow, "updated_at" | "title_id">;

/**
 * The latest begun position of each film and each series, the last watched first. A later one of the same series hides the
 * earlier ones (anti-join over `positions_series`) instead of `distinct on`, which would sort all of a profile's history for
 * each page. `begunFrom` is the share of a title that counts as begun: an episode opened by mistake hides nothing.
 */
export async function selectLatest(
  unit: Unit,
  { database }: PlaybackContext,
  query: {
    accountId: string;
    profileId: string;
    begunFrom: number;
    after?: LatestCursor | undefined;
    limit: number;
  },
): Promise<PositionRow[]> {
  const { accountId, profileId, begunFrom, after, limit } = query;
  const afterCursor = after
    ? sql`and (p.updated_at, p.title_id) < (${after.updated_at}, ${after.title_id})`
    : sql``;
  const { rows } = await sql<PositionRow>`
    select p.* from playback.positions p
    where p.account_id = ${accountId} and p.profile_id = ${profileId}
      and p.position_seconds >= p.duration_seconds * ${begunFrom}::double precision
      ${afterCursor}
      and not exists (
        select from playback.positions later
        where later.account_id = p.account_id and later.profile_id = p.profile_id
          and coalesce(later.series_id, later.title_id) = coalesce(p.series_id, p.title_id)
          and (later.updated_at, later.title_id) > (p.updated_at, p.title_id)
          and later.position_seconds >= later.duration_seconds * ${begunFrom}::double precision)
    order by p.updated_at desc, p.title_id desc limit ${limit}`.execute(unit.on(database));
  return rows;
}

export async function deletePosition(
  unit: Unit,
  { database }: PlaybackContext,
  { account_id, profile_id, title_id }: PositionKey,
): Promise<void> {
  await unit
    .on(database)
    .deleteFrom("positions")
    .where("account_id", "=", account_id)
    .where("profile_id", "=", profile_id)
    .where("title_id", "=", title_id)
    .execute();
}
