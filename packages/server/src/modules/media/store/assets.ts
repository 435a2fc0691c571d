import type { Insertable, Selectable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";
import type { MediaTables } from "../tables.ts";

type Store = Pick<MediaContext, "database">;
export type AssetRow = Selectable<MediaTables["assets"]>;

/** Inserts the asset, or finds the one of the same title, kind and digest. */
export async function findOrInsertAsset(
  unit: Unit,
  { database }: Store,
  asset: Insertable<MediaTables["assets"]>,
): Promise<AssetRow> {
  const inserted = await unit
    .on(database)
    .insertInto("assets")
    .values(asset)
    .onConflict((conflict) => conflict.columns(["title_id", "kind", "sha256"]).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted) return inserted;
  return unit
    .on(database)
    .selectFrom("assets")
    .selectAll()
    .where("title_id", "=", asset.title_id)
    .where("kind", "=", asset.kind)
    .where("sha256", "=", asset.sha256)
    .executeTakeFirstOrThrow();
}

export async function findAsset(unit: Unit, { database }: Store, id: string): Promise<AssetRow | undefined> {
  return unit.on(database).selectFrom("assets").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The newest first: ids sort by the time of their making. */
export async function listAssets(
  unit: Unit,
  { database }: Store,
  { titleId, kind }: { titleId: string; kind: AssetRow["kind"] | undefined },
  { before, limit }: { before: string | undefined; limit: number },
): Promise<AssetRow[]> {
  let query = unit.on(database).selectFrom("assets").selectAll().where("title_id", "=", titleId);
  if (kind !== undefined) query = query.where("kind", "=", kind);
  if (before !== undefined) query = query.where("id", "<", before);
  return query.orderBy("id", "desc").limit(limit).execute();
}

export async function deleteAsset(unit: Unit, { database }: Store, id: string): Promise<boolean> {
  const { numDeletedRows } = await unit
    .on(database)
    .deleteFrom("assets")
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function deleteAssetsOf(unit: Unit, { database }: Store, titleId: string): Promise<void> {
  await unit.on(database).deleteFrom("assets").where("title_id", "=", titleId).execute();
}
