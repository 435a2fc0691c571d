import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";

type Store = Pick<MediaContext, "database">;

export async function insertMultipart(
  unit: Unit,
  { database }: Store,
  uploadId: string,
  id: string,
): Promise<void> {
  await unit.on(database).insertInto("multiparts").values({ upload_id: uploadId, id }).execute();
}

export async function forgetMultiparts(
  unit: Unit,
  { database }: Store,
  uploadIds: readonly string[],
): Promise<void> {
  if (uploadIds.length === 0) return;
  await unit.on(database).deleteFrom("multiparts").where("upload_id", "in", uploadIds).execute();
}

export async function forgetMultipartsOf(unit: Unit, { database }: Store, packageId: string): Promise<void> {
  await unit
    .on(database)
    .deleteFrom("multiparts")
    .where("upload_id", "in", (query) =>
      query.selectFrom("uploads").select("id").where("package_id", "=", packageId),
    )
    .execute();
}

/** Those that may go on. */
export async function listMultiparts(unit: Unit, { database }: Store): Promise<Set<string>> {
  const rows = await unit.on(database).selectFrom("multiparts").select("id").execute();
  return new Set(rows.map(({ id }) => id));
}
