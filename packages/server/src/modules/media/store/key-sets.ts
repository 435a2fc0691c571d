import { sql, type Insertable, type Selectable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { SealedKey } from "../content-keys.ts";
import type { MediaContext } from "../context.ts";
import type { MediaTables } from "../tables.ts";

type Store = Pick<MediaContext, "database">;
export type KeySetRow = Selectable<MediaTables["key_sets"]>;
/** With what it holds, and what it encrypts. */
export type FullKeySet = KeySetRow & {
  keys: Pick<SealedKey, "key_id" | "tier">[];
  package_ids: string[];
};

/** Makes those who ask for a title's keys wait for each other: two that resume one encode must get the same. */
export async function lockKeySetsOf(unit: Unit, { database }: Store, titleId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`media.key-sets:${titleId}`}, 0))`.execute(
    unit.on(database),
  );
}

/** The set of an encode whose package is not ready yet. */
export async function findUnfinishedKeySet(
  unit: Unit,
  { database }: Store,
  { title_id, scheme, encode_key }: Pick<KeySetRow, "title_id" | "scheme"> & { encode_key: string },
): Promise<KeySetRow | undefined> {
  return unit
    .on(database)
    .selectFrom("key_sets as s")
    .selectAll("s")
    .where("s.title_id", "=", title_id)
    .where("s.scheme", "=", scheme)
    .where("s.encode_key", "=", encode_key)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("packages as p")
            .select("p.id")
            .whereRef("p.key_set_id", "=", "s.id")
            .where("p.state", "=", "ready"),
        ),
      ),
    )
    .orderBy("s.id", "desc")
    .limit(1)
    .executeTakeFirst();
}

export async function insertKeySet(unit: Unit, { database }: Store, row: KeySetRow): Promise<void> {
  await unit.on(database).insertInto("key_sets").values(row).execute();
}

export async function insertKeys(
  unit: Unit,
  { database }: Store,
  rows: Insertable<MediaTables["content_keys"]>[],
): Promise<void> {
  if (rows.length > 0) await unit.on(database).insertInto("content_keys").values(rows).execute();
}

export async function listKeys(unit: Unit, { database }: Store, keySetId: string): Promise<SealedKey[]> {
  return unit
    .on(database)
    .selectFrom("content_keys")
    .select(["key_id", "tier", "sealed_key", "sealed_by"])
    .where("key_set_id", "=", keySetId)
    .orderBy(byTier)
    .execute();
}

export async function findKeySet(
  unit: Unit,
  { database }: Store,
  id: string,
): Promise<FullKeySet | undefined> {
  return full(unit, { database }).where("s.id", "=", id).executeTakeFirst();
}

/** The newest first: ids sort by the time of their making. */
export async function listKeySets(
  unit: Unit,
  { database }: Store,
  titleId: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<FullKeySet[]> {
  let query = full(unit, { database }).where("s.title_id", "=", titleId);
  if (before !== undefined) query = query.where("s.id", "<", before);
  return query.orderBy("s.id", "desc").limit(limit).execute();
}

/** Locks a set that is about to go, so that no package comes to name it meanwhile. */
export async function lockKeySet(unit: Unit, { database }: Store, id: string): Promise<void> {
  await unit.on(database).selectFrom("key_sets").select("id").where("id", "=", id).forUpdate().execute();
}

/** Its keys go with it. */
export async function removeKeySet(unit: Unit, { database }: Store, id: string): Promise<void> {
  await unit.on(database).deleteFrom("key_sets").where("id", "=", id).execute();
}

export async function listKeySetIdsOf(unit: Unit, { database }: Store, titleId: string): Promise<string[]> {
  const rows = await unit
    .on(database)
    .selectFrom("key_sets")
    .select("id")
    .where("title_id", "=", titleId)
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** Keys under another secret than this one; each is locked, or skipped while somebody works on it. */
export async function lockKeysSealedOtherwise(
  unit: Unit,
  { database }: Store,
  sealedBy: string,
  limit: number,
): Promise<SealedKey[]> {
  return unit
    .on(database)
    .selectFrom("content_keys")
    .select(["key_id", "tier", "sealed_key", "sealed_by"])
    .where("sealed_by", "<>", sealedBy)
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function resealKey(
  unit: Unit,
  { database }: Store,
  { key_id, sealed_key, sealed_by }: SealedKey,
): Promise<void> {
  await unit
    .on(database)
    .updateTable("content_keys")
    .set({ sealed_key, sealed_by })
    .where("key_id", "=", key_id)
    .execute();
}

/** The lowest picture first, sound last. */
const byTier = sql`array_position(array['sd', 'hd', 'uhd', 'audio'], tier)`;

function full(unit: Unit, { database }: Store) {
  return unit
    .on(database)
    .selectFrom("key_sets as s")
    .selectAll("s")
    .select([
      sql<FullKeySet["keys"]>`(
        select coalesce(json_agg(json_build_object('key_id', k.key_id, 'tier', k.tier) order by ${byTier}), '[]')
        from media.content_keys k where k.key_set_id = s.id)`.as("keys"),
      sql<string[]>`array(select p.id from media.packages p where p.key_set_id = s.id order by p.id)`.as(
        "package_ids",
      ),
    ]);
}
