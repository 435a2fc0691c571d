import { sql, type Selectable } from "kysely";
import { FlixError } from "../../../kernel/errors.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";
import type { UsersTables } from "../tables.ts";

export type ProfileRow = Selectable<UsersTables["profiles"]>;
export type ProfileDraft = Pick<
  ProfileRow,
  "account_id" | "name" | "avatar" | "language" | "maturity_limit" | "is_child"
>;

export async function insertProfile(
  unit: Unit,
  { database, clock, ids }: UsersContext,
  draft: ProfileDraft,
): Promise<ProfileRow> {
  const now = clock.now();
  return unit
    .on(database)
    .insertInto("profiles")
    .values({ id: ids.next("prf"), ...draft, created_at: now, updated_at: now })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findProfile(
  unit: Unit,
  { database }: UsersContext,
  id: string,
): Promise<ProfileRow | undefined> {
  return unit.on(database).selectFrom("profiles").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function lockProfile(unit: Unit, { database }: UsersContext, id: string): Promise<ProfileRow> {
  const row = await unit
    .on(database)
    .selectFrom("profiles")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new FlixError("profile_not_found");
  return row;
}

/** Oldest first. */
export async function selectProfiles(
  unit: Unit,
  { database }: UsersContext,
  filter: { accountId: string; afterId?: string; limit: number },
): Promise<ProfileRow[]> {
  let query = unit
    .on(database)
    .selectFrom("profiles")
    .selectAll()
    .where("account_id", "=", filter.accountId)
    .orderBy("id")
    .limit(filter.limit);
  if (filter.afterId !== undefined) query = query.where("id", ">", filter.afterId);
  return query.execute();
}

export async function changeProfile(
  unit: Unit,
  { database, clock }: UsersContext,
  id: string,
  changes: Partial<Omit<ProfileDraft, "account_id">>,
): Promise<ProfileRow> {
  return unit
    .on(database)
    .updateTable("profiles")
    .set({ ...changes, updated_at: clock.now(), version: sql<number>`version + 1` })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function removeProfile(unit: Unit, { database }: UsersContext, id: string): Promise<void> {
  await unit.on(database).deleteFrom("profiles").where("id", "=", id).execute();
}
