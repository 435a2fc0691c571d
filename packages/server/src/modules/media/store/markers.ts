import { sql, type Selectable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";
import type { MediaTables } from "../tables.ts";

type Store = Pick<MediaContext, "database">;
export type MarkersRow = Selectable<MediaTables["markers"]>;

/** A title that never had any is at version 0. */
export function noMarkers(titleId: string): Omit<MarkersRow, "updated_at"> {
  return { title_id: titleId, markers: [], version: 0 };
}

export async function selectMarkers(
  unit: Unit,
  { database }: Store,
  titleIds: readonly string[],
): Promise<MarkersRow[]> {
  if (titleIds.length === 0) return [];
  return unit.on(database).selectFrom("markers").selectAll().where("title_id", "in", titleIds).execute();
}

/** The row that is about to change, made if there is none, so that two who set the first markers wait for each other too. */
export async function lockMarkers(
  unit: Unit,
  { database, clock }: Store & Pick<MediaContext, "clock">,
  titleId: string,
): Promise<MarkersRow> {
  await unit
    .on(database)
    .insertInto("markers")
    .values({ title_id: titleId, markers: "[]", version: 0, updated_at: clock.now() })
    .onConflict((conflict) => conflict.column("title_id").doNothing())
    .execute();
  return unit
    .on(database)
    .selectFrom("markers")
    .selectAll()
    .where("title_id", "=", titleId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export async function changeMarkers(
  unit: Unit,
  { database, clock }: Store & Pick<MediaContext, "clock">,
  { title_id, markers }: Pick<MarkersRow, "title_id" | "markers">,
): Promise<MarkersRow> {
  return unit
    .on(database)
    .updateTable("markers")
    .set({
      markers: JSON.stringify(markers),
      version: sql<number>`version + 1`,
      updated_at: clock.now(),
    })
    .where("title_id", "=", title_id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function deleteMarkersOf(unit: Unit, { database }: Store, titleId: string): Promise<void> {
  await unit.on(database).deleteFrom("markers").where("title_id", "=", titleId).execute();
}
