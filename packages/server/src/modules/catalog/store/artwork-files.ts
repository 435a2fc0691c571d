import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { CatalogContext } from "../context.ts";

type Store = Pick<CatalogContext, "database" | "clock">;

/** Keeps a file from deletion for a day from now; waits for a deletion that is under way. */
export async function keepArtworkFile(unit: Unit, { database, clock }: Store, file: string): Promise<void> {
  await unit
    .on(database)
    .insertInto("artwork_files")
    .values({ file, stored_at: clock.now() })
    .onConflict((conflict) => conflict.column("file").doUpdateSet({ stored_at: clock.now() }))
    .execute();
}

/** Forgets files that no title shows and that were stored before; who stores one again waits for this unit. */
export async function takeUnusedArtworkFiles(
  unit: Unit,
  { database }: Store,
  before: Date,
  limit: number,
): Promise<string[]> {
  const rows = await unit
    .on(database)
    .deleteFrom("artwork_files")
    .where(
      "file",
      "in",
      sql<string>`(select f.file from catalog.artwork_files f
        where f.stored_at < ${before} and not exists (
          select from catalog.titles t
          where t.artwork @> jsonb_build_array(jsonb_build_object('file', f.file)))
        limit ${limit} for update skip locked)`,
    )
    .returning("file")
    .execute();
  return rows.map(({ file }) => file);
}
