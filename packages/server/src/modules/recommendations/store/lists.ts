import type { Unit } from "../../../kernel/unit.ts";
import type { RecommendationsContext } from "../context.ts";
import type { Thumbs } from "../tables.ts";

/** A profile's place in every user-scoped table. */
export interface ProfileKey {
  accountId: string;
  profileId: string;
}

type Context = Pick<RecommendationsContext, "database">;

export async function saveRating(
  unit: Unit,
  { database }: Context,
  key: ProfileKey,
  titleId: string,
  thumbs: Thumbs,
  at: Date,
): Promise<void> {
  await unit
    .on(database)
    .insertInto("ratings")
    .values({
      account_id: key.accountId,
      profile_id: key.profileId,
      title_id: titleId,
      thumbs,
      updated_at: at,
    })
    .onConflict((conflict) =>
      conflict.columns(["account_id", "profile_id", "title_id"]).doUpdateSet({ thumbs, updated_at: at }),
    )
    .execute();
}

export async function deleteRatingOf(
  unit: Unit,
  { database }: Context,
  key: ProfileKey,
  titleId: string,
): Promise<void> {
  await ofProfile(unit.on(database).deleteFrom("ratings"), key).where("title_id", "=", titleId).execute();
}

export function listRatingsOf(
  unit: Unit,
  { database }: Context,
  key: ProfileKey,
  after: ListCursor | undefined,
  limit: number,
) {
  return ofProfile(unit.on(database).selectFrom("ratings"), key)
    .select(["title_id", "thumbs", "updated_at"])
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple("updated_at", "title_id"),
          "<",
          eb.tuple(after?.at ?? new Date(0), after?.titleId ?? ""),
        ),
      ),
    )
    .orderBy("updated_at", "desc")
    .orderBy("title_id", "desc")
    .limit(limit)
    .execute();
}

export interface ListCursor {
  at: Date;
  titleId: string;
}

export async function addToList(
  unit: Unit,
  { database }: Context,
  key: ProfileKey,
  titleId: string,
  at: Date,
): Promise<Date> {
  const db = unit.on(database);
  await db
    .insertInto("my_list")
    .values({ account_id: key.accountId, profile_id: key.profileId, title_id: titleId, added_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { added_at } = await ofProfile(db.selectFrom("my_list"), key)
    .select("added_at")
    .where("title_id", "=", titleId)
    .executeTakeFirstOrThrow();
  return added_at;
}

export async function countList(unit: Unit, { database }: Context, key: ProfileKey): Promise<number> {
  const { count } = await ofProfile(unit.on(database).selectFrom("my_list"), key)
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

export async function removeFromList(
  unit: Unit,
  { database }: Context,
  key: ProfileKey,
  titleId: string,
): Promise<void> {
  await ofProfile(unit.on(database).deleteFrom("my_list"), key).where("title_id", "=", titleId).execute();
}

export function readList(
  unit: Unit,
  { database }: Context,
  key: ProfileKey,
  after: ListCursor | undefined,
  limit: number,
) {
  return ofProfile(unit.on(database).selectFrom("my_list"), key)
    .select(["title_id", "added_at"])
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple("added_at", "title_id"),
          "<",
          eb.tuple(after?.at ?? new Date(0), after?.titleId ?? ""),
        ),
      ),
    )
    .orderBy("added_at", "desc")
    .orderBy("title_id", "desc")
    .limit(limit)
    .execute();
}

/** Narrows a query to one profile; the account comes first, as in every key. */
function ofProfile<
  Query extends { where(column: "account_id" | "profile_id", operator: "=", value: string): Query },
>(query: Query, { accountId, profileId }: ProfileKey): Query {
  return query.where("account_id", "=", accountId).where("profile_id", "=", profileId);
}
