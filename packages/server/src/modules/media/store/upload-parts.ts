import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";

type Store = Pick<MediaContext, "database">;

export interface ReceivedPart {
  part_number: number;
  sha256: string;
}

export async function listParts(unit: Unit, { database }: Store, uploadId: string): Promise<ReceivedPart[]> {
  return unit
    .on(database)
    .selectFrom("upload_parts")
    .select(["part_number", "sha256"])
    .where("upload_id", "=", uploadId)
    .orderBy("part_number")
    .execute();
}

/** The same part again takes the place of the first: the file may have changed in between. */
export async function recordParts(
  unit: Unit,
  { database, clock }: Store & Pick<MediaContext, "clock">,
  uploadId: string,
  parts: readonly ReceivedPart[],
): Promise<void> {
  if (parts.length === 0) return;
  const received_at = clock.now();
  await unit
    .on(database)
    .insertInto("upload_parts")
    .values(
      parts.map(({ part_number, sha256 }) => ({ upload_id: uploadId, part_number, sha256, received_at })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["upload_id", "part_number"])
        .doUpdateSet(({ ref }) => ({ sha256: ref("excluded.sha256"), received_at })),
    )
    .execute();
}

export async function forgetParts(
  unit: Unit,
  { database }: Store,
  uploadId: string,
  numbers?: readonly number[],
): Promise<void> {
  let query = unit.on(database).deleteFrom("upload_parts").where("upload_id", "=", uploadId);
  if (numbers !== undefined)
    query = query.where("part_number", "=", sql<number>`any(${[...numbers]}::int[])`);
  await query.execute();
}

export async function forgetPartsOf(unit: Unit, { database }: Store, packageId: string): Promise<void> {
  await unit
    .on(database)
    .deleteFrom("upload_parts")
    .where("upload_id", "in", (query) =>
      query.selectFrom("uploads").select("id").where("package_id", "=", packageId),
    )
    .execute();
}

/**
 * Uploads whose parts nobody needs: they are stored (the process ended before it cleared up), or nothing came since.
 * Each is locked, or skipped while somebody works on it.
 */
export async function lockStaleUploads(
  unit: Unit,
  { database }: Store,
  since: Date,
  limit: number,
): Promise<{ id: string; package_id: string; stored_at: Date | null }[]> {
  return unit
    .on(database)
    .selectFrom("uploads as u")
    .select(["u.id", "u.package_id", "u.stored_at"])
    .where(
      sql<boolean>`u.id in (select r.upload_id from media.upload_parts r group by r.upload_id
        having max(r.received_at) < ${since} or bool_or((
          select s.stored_at is not null from media.uploads s where s.id = r.upload_id)))`,
    )
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}
