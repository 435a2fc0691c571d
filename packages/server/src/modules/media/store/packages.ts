import { sql, type Insertable, type Selectable, type Updateable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";
import type { MediaTables } from "../tables.ts";

type Store = Pick<MediaContext, "database">;
type Packages = MediaTables["packages"];

export type PackageRow = Selectable<Packages>;
/** With what is stored of its files already. */
export type CountedPackage = PackageRow & { stored_count: number; stored_bytes: number };

export async function findPackage(
  unit: Unit,
  { database }: Store,
  id: string,
): Promise<CountedPackage | undefined> {
  return counted(unit, { database }).where("p.id", "=", id).executeTakeFirst();
}

export async function getPackage(unit: Unit, { database }: Store, id: string): Promise<CountedPackage> {
  return counted(unit, { database }).where("p.id", "=", id).executeTakeFirstOrThrow();
}

/** The newest first: ids sort by the time of their making. */
export async function listPackages(
  unit: Unit,
  { database }: Store,
  { titleId, state }: { titleId: string; state: PackageRow["state"] | undefined },
  { before, limit }: { before: string | undefined; limit: number },
): Promise<CountedPackage[]> {
  let query = counted(unit, { database }).where("p.title_id", "=", titleId);
  if (state !== undefined) query = query.where("p.state", "=", state);
  if (before !== undefined) query = query.where("p.id", "<", before);
  return query.orderBy("p.id", "desc").limit(limit).execute();
}

export async function findCurrentPackage(
  unit: Unit,
  { database }: Store,
  titleId: string,
): Promise<PackageRow | undefined> {
  return unit
    .on(database)
    .selectFrom("packages")
    .selectAll()
    .where("title_id", "=", titleId)
    .where("is_current", "=", true)
    .executeTakeFirst();
}

/** Reads a package that is about to change; others who want to change it wait. */
export async function lockPackage(
  unit: Unit,
  { database }: Store,
  id: string,
): Promise<PackageRow | undefined> {
  return unit
    .on(database)
    .selectFrom("packages")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

/** All packages of a title, in one order everywhere, so that two who change its current one never wait for each other. */
export async function lockPackagesOf(
  unit: Unit,
  { database }: Store,
  titleId: string,
): Promise<PackageRow[]> {
  return unit
    .on(database)
    .selectFrom("packages")
    .selectAll()
    .where("title_id", "=", titleId)
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Inserts a package, or locks the one of the same title and digest. */
export async function findOrInsertPackage(
  unit: Unit,
  { database }: Store,
  draft: Insertable<Packages>,
): Promise<{ row: PackageRow; isNew: boolean }> {
  const inserted = await unit
    .on(database)
    .insertInto("packages")
    .values(draft)
    .onConflict((conflict) => conflict.columns(["title_id", "digest"]).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted) return { row: inserted, isNew: true };
  const row = await unit
    .on(database)
    .selectFrom("packages")
    .selectAll()
    .where("title_id", "=", draft.title_id)
    .where("digest", "=", draft.digest)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { row, isNew: false };
}

/** The package of a title with this digest. */
export async function findPackageOf(
  unit: Unit,
  { database }: Store,
  { title_id, digest }: { title_id: string; digest: string },
): Promise<Pick<PackageRow, "id" | "key_set_id" | "renditions"> | undefined> {
  return unit
    .on(database)
    .selectFrom("packages")
    .select(["id", "key_set_id", "renditions"])
    .where("title_id", "=", title_id)
    .where("digest", "=", digest)
    .executeTakeFirst();
}

export async function changePackage(
  unit: Unit,
  { database, clock }: Store & Pick<MediaContext, "clock">,
  id: string,
  changes: Pick<Updateable<Packages>, "state" | "is_current">,
): Promise<void> {
  await unit
    .on(database)
    .updateTable("packages")
    .set({ ...changes, version: sql<number>`version + 1`, updated_at: clock.now() })
    .where("id", "=", id)
    .execute();
}

/** Its uploads and parts go with it. */
export async function removePackage(unit: Unit, { database }: Store, id: string): Promise<void> {
  await unit.on(database).deleteFrom("packages").where("id", "=", id).execute();
}

/** Packages whose upload nothing was heard of since; each is locked, or skipped while somebody works on it. */
export async function lockAbandonedPackages(
  unit: Unit,
  { database }: Store,
  since: Date,
  limit: number,
): Promise<PackageRow[]> {
  return unit
    .on(database)
    .selectFrom("packages as p")
    .selectAll("p")
    .where("p.state", "=", "uploading")
    .where("p.updated_at", "<", since)
    .where(
      sql<boolean>`not exists (select from media.uploads u where u.package_id = p.id and (u.stored_at >= ${since}
        or exists (select from media.upload_parts r where r.upload_id = u.id and r.received_at >= ${since})))`,
    )
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** A package that is ready has all its files; for the others they are counted, there being no counter to fight for. */
function counted(unit: Unit, { database }: Store) {
  return unit
    .on(database)
    .selectFrom("packages as p")
    .innerJoinLateral(
      sql<{ stored_count: number; stored_bytes: number }>`(
        select count(*) as stored_count, coalesce(sum(u.size_bytes), 0)::bigint as stored_bytes
        from media.uploads u where u.package_id = p.id and u.stored_at is not null and p.state <> 'ready')`.as(
        "stored",
      ),
      (join) => join.onTrue(),
    )
    .selectAll("p")
    .select(["stored.stored_count", "stored.stored_bytes"]);
}
