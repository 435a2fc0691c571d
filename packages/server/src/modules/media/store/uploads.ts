import { sql, type Selectable } from "kysely";
import type { components } from "@flix/openapi";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";
import type { MediaTables } from "../tables.ts";
import { forgetMultiparts } from "./multiparts.ts";

type Store = Pick<MediaContext, "database">;
type UploadState = components["schemas"]["UploadState"];

export type UploadRow = Selectable<MediaTables["uploads"]> & {
  title_id: string;
  digest: string;
  received_parts: number[];
  /** By which the store knows the file that it makes of parts; null where they wait in staging. */
  multipart_id: string | null;
};

type NewUpload = Omit<Selectable<MediaTables["uploads"]>, "package_id" | "stored_at">;

/** One statement for up to 50 000 files: as rows of a VALUES list they would be too many parameters. */
export async function insertUploads(
  unit: Unit,
  { database }: Store,
  packageId: string,
  uploads: NewUpload[],
): Promise<void> {
  await sql`
    insert into media.uploads
      (id, package_id, path, content_type, size_bytes, sha256, part_size_bytes, part_count)
    select f.id, ${packageId}, f.path, f.content_type, f.size_bytes, f.sha256, f.part_size_bytes, f.part_count
    from jsonb_to_recordset(${JSON.stringify(uploads)}::jsonb) as f (id text, path text, content_type text,
      size_bytes bigint, sha256 text, part_size_bytes integer, part_count integer)`.execute(
    unit.on(database),
  );
}

export async function findUpload(
  unit: Unit,
  { database }: Store,
  id: string,
): Promise<UploadRow | undefined> {
  return uploads(unit, { database }).where("u.id", "=", id).executeTakeFirst();
}

export async function listUploads(
  unit: Unit,
  { database }: Store,
  { packageId, state }: { packageId: string; state: UploadState | undefined },
  { after, limit }: { after: string | undefined; limit: number },
): Promise<UploadRow[]> {
  let query = uploads(unit, { database }).where("u.package_id", "=", packageId);
  if (state !== undefined) query = query.where("u.stored_at", state === "stored" ? "is not" : "is", null);
  if (after !== undefined) query = query.where("u.path", ">", after);
  return query.orderBy("u.path").limit(limit).execute();
}

/** Those of the package among them. */
export async function listUploadsById(
  unit: Unit,
  { database }: Store,
  packageId: string,
  ids: readonly string[],
): Promise<UploadRow[]> {
  return uploads(unit, { database })
    .where("u.package_id", "=", packageId)
    .where("u.id", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
}

/** Puts those who change one upload in a row; undefined when it is gone. */
export async function lockUpload(
  unit: Unit,
  { database }: Store,
  id: string,
): Promise<Pick<UploadRow, "stored_at" | "multipart_id"> | undefined> {
  const locked = await unit
    .on(database)
    .selectFrom("uploads")
    .select("stored_at")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!locked) return undefined;
  // After the lock: a join would see what was there before it was waited for.
  const multipart = await unit
    .on(database)
    .selectFrom("multiparts")
    .select("id")
    .where("upload_id", "=", id)
    .executeTakeFirst();
  return { ...locked, multipart_id: multipart?.id ?? null };
}

/** How many files a package misses, and the first of them. */
export async function countPending(
  unit: Unit,
  { database }: Store,
  packageId: string,
): Promise<{ count: number; first: string | null }> {
  return unit
    .on(database)
    .selectFrom("uploads")
    .select(({ fn }) => [fn.countAll<number>().as("count"), fn.min("path").as("first")])
    .where("package_id", "=", packageId)
    .where("stored_at", "is", null)
    .executeTakeFirstOrThrow();
}

export interface StoredFile {
  id: string;
  path: string;
  size_bytes: number;
}

export async function listStoredFiles(
  unit: Unit,
  { database }: Store,
  packageId: string,
): Promise<StoredFile[]> {
  return unit
    .on(database)
    .selectFrom("uploads")
    .select(["id", "path", "size_bytes"])
    .where("package_id", "=", packageId)
    .where("stored_at", "is not", null)
    .execute();
}

export interface HeldFile {
  id: string;
  path: string;
  source: { title_id: string; digest: string; path: string };
}

/** What a package misses and another one holds, by digest; not by one that nobody has checked. */
export async function findHeldFiles(unit: Unit, { database }: Store, packageId: string): Promise<HeldFile[]> {
  const { rows } = await sql<{ id: string; path: string; title_id: string; digest: string; held: string }>`
    select u.id, u.path, held.title_id, held.digest, held.path as held
    from media.uploads u
    cross join lateral (
      select p.title_id, p.digest, s.path from media.uploads s join media.packages p on p.id = s.package_id
      where s.sha256 = u.sha256 and s.size_bytes = u.size_bytes and s.stored_at is not null
        and not exists (select from media.multiparts m where m.upload_id = s.id) limit 1) held
    where u.package_id = ${packageId} and u.stored_at is null`.execute(unit.on(database));
  return rows.map(({ id, path, title_id, digest, held }) => ({
    id,
    path,
    source: { title_id, digest, path: held },
  }));
}

/** Files that are there and were not read yet. */
export async function listUnread(unit: Unit, { database }: Store, packageId: string): Promise<UploadRow[]> {
  return uploads(unit, { database })
    .where("u.package_id", "=", packageId)
    .where("u.stored_at", "is not", null)
    .where("m.id", "is not", null)
    .execute();
}

/** It is there, and waits to be read. */
export async function markMade(unit: Unit, { database }: Store, id: string, storedAt: Date): Promise<void> {
  await unit.on(database).updateTable("uploads").set({ stored_at: storedAt }).where("id", "=", id).execute();
}

/** Nothing is left to be read. */
export async function markStored(
  unit: Unit,
  { database }: Store,
  ids: readonly string[],
  storedAt: Date | null,
): Promise<void> {
  await unit
    .on(database)
    .updateTable("uploads")
    .set({ stored_at: storedAt })
    .where("id", "=", sql<string>`any(${[...ids]}::text[])`)
    .execute();
  await forgetMultiparts(unit, { database }, ids);
}

export async function forgetStored(unit: Unit, { database }: Store, packageId: string): Promise<void> {
  await unit
    .on(database)
    .updateTable("uploads")
    .set({ stored_at: null })
    .where("package_id", "=", packageId)
    .execute();
}

/** With its package's place, and the parts that came. */
function uploads(unit: Unit, { database }: Store) {
  return unit
    .on(database)
    .selectFrom("uploads as u")
    .innerJoin("packages as p", "p.id", "u.package_id")
    .leftJoin("multiparts as m", "m.upload_id", "u.id")
    .selectAll("u")
    .select(["p.title_id", "p.digest", "m.id as multipart_id"])
    .select(
      sql<number[]>`case when u.stored_at is null then array(
        select r.part_number from media.upload_parts r where r.upload_id = u.id order by r.part_number)
        else '{}' end`.as("received_parts"),
    );
}
