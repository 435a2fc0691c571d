import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { RecommendationsContext } from "../context.ts";
import type { Thumbs } from "../tables.ts";
import type { ProfileKey } from "./lists.ts";

type Context = Pick<RecommendationsContext, "database">;

export interface View {
  titleId: string;
  /** 0 to 1 of the title's duration. */
  furthest: number;
  at: Date;
}

/** Keeps the furthest point, and the last time. */
export async function saveView(
  unit: Unit,
  { database }: Context,
  key: ProfileKey,
  { titleId, furthest, at }: View,
): Promise<void> {
  await unit
    .on(database)
    .insertInto("views")
    .values({
      account_id: key.accountId,
      profile_id: key.profileId,
      title_id: titleId,
      furthest,
      watched_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(["account_id", "profile_id", "title_id"]).doUpdateSet({
        furthest: sql<number>`greatest(views.furthest, excluded.furthest)`,
        watched_at: sql<Date>`greatest(views.watched_at, excluded.watched_at)`,
      }),
    )
    .execute();
}

export interface HistoryEntry {
  titleId: string;
  furthest: number;
  thumbs: Thumbs | null;
}

/** What the profile has watched or rated, the latest first. */
export async function readHistory(
  unit: Unit,
  { database }: Context,
  key: ProfileKey,
  limit: number,
): Promise<HistoryEntry[]> {
  const { rows } = await sql<HistoryEntry>`
    select title_id as "titleId", coalesce(furthest, 0) as furthest, thumbs
    from (select title_id, furthest, watched_at from recommendations.views
        where account_id = ${key.accountId} and profile_id = ${key.profileId}) as watched
      full join (select title_id, thumbs, updated_at from recommendations.ratings
        where account_id = ${key.accountId} and profile_id = ${key.profileId}) as rated using (title_id)
    order by greatest(watched_at, updated_at) desc, title_id limit ${limit}`.execute(unit.on(database));
  return rows;
}

export async function forgetAccount(unit: Unit, { database }: Context, accountId: string): Promise<void> {
  for (const table of ["ratings", "my_list", "views"] as const) {
    await unit.on(database).deleteFrom(table).where("account_id", "=", accountId).execute();
  }
}

export async function forgetProfile(
  unit: Unit,
  { database }: Context,
  { accountId, profileId }: ProfileKey,
): Promise<void> {
  for (const table of ["ratings", "my_list", "views"] as const) {
    await unit
      .on(database)
      .deleteFrom(table)
      .where("account_id", "=", accountId)
      .where("profile_id", "=", profileId)
      .execute();
  }
}

export async function forgetTitle(unit: Unit, { database }: Context, titleId: string): Promise<void> {
  const db = unit.on(database);
  for (const table of ["ratings", "my_list", "views", "similarities", "popularity"] as const) {
    await db.deleteFrom(table).where("title_id", "=", titleId).execute();
  }
  await db.deleteFrom("similarities").where("other_id", "=", titleId).execute();
}
