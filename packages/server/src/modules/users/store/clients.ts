import type { Selectable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";
import type { UsersTables } from "../tables.ts";

export type ClientRow = Selectable<UsersTables["clients"]>;
type ClientDraft = Pick<ClientRow, "name" | "scopes" | "secret_hash">;

export async function insertClient(
  unit: Unit,
  { database, clock, ids }: UsersContext,
  draft: ClientDraft,
): Promise<ClientRow> {
  return unit
    .on(database)
    .insertInto("clients")
    .values({ id: ids.next("cli"), ...draft, provisioned_as: null, created_at: clock.now() })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Makes the client that bears this name for the platform, or gives the one that does a new secret and scopes. */
export async function upsertProvisionedClient(
  unit: Unit,
  { database, clock, ids }: UsersContext,
  draft: ClientDraft,
): Promise<ClientRow> {
  return unit
    .on(database)
    .insertInto("clients")
    .values({ id: ids.next("cli"), ...draft, provisioned_as: draft.name, created_at: clock.now() })
    .onConflict((conflict) => conflict.column("provisioned_as").doUpdateSet(draft))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function findClient(
  unit: Unit,
  { database }: UsersContext,
  id: string,
): Promise<ClientRow | undefined> {
  return unit.on(database).selectFrom("clients").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Oldest first. */
export async function selectClients(
  unit: Unit,
  { database }: UsersContext,
  filter: { afterId?: string; limit: number },
): Promise<ClientRow[]> {
  let query = unit.on(database).selectFrom("clients").selectAll().orderBy("id").limit(filter.limit);
  if (filter.afterId !== undefined) query = query.where("id", ">", filter.afterId);
  return query.execute();
}

/** Whether there was such a client. */
export async function removeClient(unit: Unit, { database }: UsersContext, id: string): Promise<boolean> {
  const { numDeletedRows } = await unit
    .on(database)
    .deleteFrom("clients")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
