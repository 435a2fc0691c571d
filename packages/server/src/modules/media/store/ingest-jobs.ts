import { sql, type Insertable, type Selectable, type Updateable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { MediaContext } from "../context.ts";
import type { MediaTables } from "../tables.ts";

type Store = Pick<MediaContext, "database">;
type ClockedStore = Store & Pick<MediaContext, "clock">;
type IngestJobs = MediaTables["ingest_jobs"];
export type IngestJobRow = Selectable<IngestJobs>;

export async function insertIngestJob(
  unit: Unit,
  { database }: Store,
  job: Insertable<IngestJobs>,
): Promise<IngestJobRow> {
  return unit.on(database).insertInto("ingest_jobs").values(job).returningAll().executeTakeFirstOrThrow();
}

export async function findIngestJob(
  unit: Unit,
  { database }: Store,
  id: string,
): Promise<IngestJobRow | undefined> {
  return unit.on(database).selectFrom("ingest_jobs").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Reads a job that is about to change; others who want to change it wait. */
export async function lockIngestJob(
  unit: Unit,
  { database }: Store,
  id: string,
): Promise<IngestJobRow | undefined> {
  return unit
    .on(database)
    .selectFrom("ingest_jobs")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

export async function changeIngestJob(
  unit: Unit,
  { database, clock }: ClockedStore,
  id: string,
  changes: Updateable<IngestJobs>,
): Promise<IngestJobRow> {
  return unit
    .on(database)
    .updateTable("ingest_jobs")
    .set({ ...changes, version: sql<number>`version + 1`, updated_at: clock.now() })
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The newest first: ids sort by the time of their making. */
export async function listIngestJobs(
  unit: Unit,
  { database }: Store,
  { titleId, state }: { titleId: string | undefined; state: IngestJobRow["state"] | undefined },
  { before, limit }: { before: string | undefined; limit: number },
): Promise<IngestJobRow[]> {
  let query = unit.on(database).selectFrom("ingest_jobs").selectAll();
  if (titleId !== undefined) query = query.where("title_id", "=", titleId);
  if (state !== undefined) query = query.where("state", "=", state);
  if (before !== undefined) query = query.where("id", "<", before);
  return query.orderBy("id", "desc").limit(limit).execute();
}

/** Fails the running jobs that nothing was heard of since; answers their ids. */
export async function failSilentJobs(
  unit: Unit,
  { database, clock }: ClockedStore,
  since: Date,
  failure: { code: string; message: string },
): Promise<string[]> {
  const rows = await unit
    .on(database)
    .updateTable("ingest_jobs")
    .set({
      state: "failed",
      failure: JSON.stringify(failure),
      speed: null,
      eta_seconds: null,
      workers: null,
      waiting_for: null,
      ended_at: clock.now(),
      updated_at: clock.now(),
      version: sql<number>`version + 1`,
    })
    .where("state", "=", "running")
    .where("heartbeat_at", "<=", since)
    .returning("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** A title that is gone: what waits is canceled, and what runs hears of it with its next report. */
export async function cancelJobsOf(
  unit: Unit,
  { database, clock }: ClockedStore,
  titleId: string,
): Promise<void> {
  const changed = { version: sql<number>`version + 1`, updated_at: clock.now() };
  const jobs = () => unit.on(database).updateTable("ingest_jobs").where("title_id", "=", titleId);
  await jobs()
    .set({ ...changed, state: "canceled", ended_at: clock.now() })
    .where("state", "=", "queued")
    .execute();
  await jobs()
    .set({ ...changed, cancel_requested: true })
    .where("state", "=", "running")
    .execute();
}
