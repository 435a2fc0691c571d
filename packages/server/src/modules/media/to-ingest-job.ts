import type { components } from "@flix/openapi";
import { etagOf } from "../../kernel/etags.ts";
import type { IngestJobRow } from "./store/ingest-jobs.ts";

export function toIngestJob(row: IngestJobRow): components["schemas"]["IngestJob"] {
  return {
    id: row.id,
    title_id: row.title_id,
    state: row.state,
    ...(row.stage === null ? {} : { stage: row.stage }),
    progress: row.progress,
    ...(row.speed === null ? {} : { speed: row.speed }),
    ...(row.eta_seconds === null ? {} : { eta_seconds: row.eta_seconds }),
    worker: row.worker,
    ...(row.workers === null ? {} : { workers: row.workers }),
    ...(row.waiting_for === null ? {} : { waiting_for: row.waiting_for }),
    ...(row.source_filename === null ? {} : { source_filename: row.source_filename }),
    ...(row.asset_id === null ? {} : { asset_id: row.asset_id }),
    ...(row.package_id === null ? {} : { package_id: row.package_id }),
    ...(row.failure === null ? {} : { failure: row.failure }),
    cancel_requested: row.cancel_requested,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    ...(row.started_at === null ? {} : { started_at: row.started_at.toISOString() }),
    ...(row.ended_at === null ? {} : { ended_at: row.ended_at.toISOString() }),
    etag: etagOf(row.version),
  };
}
