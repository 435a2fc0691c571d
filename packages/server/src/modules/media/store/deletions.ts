import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";

type Store = Pick<MediaContext, "database">;

/** Has the objects under these prefixes deleted after the commit. */
export async function requestDeletions(
  unit: Unit,
  { database, clock }: Store & Pick<MediaContext, "clock">,
  prefixes: readonly string[],
): Promise<void> {
  if (prefixes.length === 0) return;
  const requested_at = clock.now();
  await unit
    .on(database)
    .insertInto("deletions")
    .values(prefixes.map((prefix) => ({ prefix, requested_at })))
    .onConflict((conflict) => conflict.column("prefix").doNothing())
    .execute();
}

/** The objects are wanted again; waits for a deletion of them that is under way. */
export async function withdrawDeletion(unit: Unit, { database }: Store, prefix: string): Promise<void> {
  await unit.on(database).deleteFrom("deletions").where("prefix", "=", prefix).execute();
}

/** Takes one request; who wants to withdraw it waits for this unit. */
export async function takeDeletion(unit: Unit, { database }: Store): Promise<string | undefined> {
  const row = await unit
    .on(database)
    .deleteFrom("deletions")
    .where(
      "prefix",
      "=",
      sql<string>`(select d.prefix from media.deletions d order by d.requested_at limit 1 for update skip locked)`,
    )
    .returning("prefix")
    .executeTakeFirst();
  return row?.prefix;
}
