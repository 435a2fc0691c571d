import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";
import { grantSeconds } from "../grant-time.ts";

type Store = Pick<MediaContext, "database">;

/** Has the objects under these prefixes deleted after the commit, and once more when no grant can bring others. */
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
    .onConflict((conflict) => conflict.column("prefix").doUpdateSet({ requested_at, again_at: null }))
    .execute();
}

/** The objects are wanted again; waits for a deletion of them that is under way. */
export async function withdrawDeletions(
  unit: Unit,
  { database }: Store,
  prefixes: readonly string[],
): Promise<void> {
  await unit.on(database).deleteFrom("deletions").where("prefix", "in", prefixes).execute();
}

/** Takes one request that is due; who wants to withdraw it waits for this unit. */
export async function takeDeletion(
  unit: Unit,
  { database, clock }: Store & Pick<MediaContext, "clock">,
): Promise<string | undefined> {
  const now = clock.now();
  const queries = unit.on(database);
  const row = await queries
    .selectFrom("deletions")
    .select(["prefix", "again_at"])
    .where(({ eb, or }) => or([eb("again_at", "is", null), eb("again_at", "<=", now)]))
    .orderBy("requested_at")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row?.again_at === null) {
    const again_at = new Date(now.getTime() + latePartsMs);
    await queries.updateTable("deletions").set({ again_at }).where("prefix", "=", row.prefix).execute();
  } else if (row) {
    await queries.deleteFrom("deletions").where("prefix", "=", row.prefix).execute();
  }
  return row?.prefix;
}

/** A grant's time, and five minutes for a body that was begun in it. */
const latePartsMs = (grantSeconds + 300) * 1000;
