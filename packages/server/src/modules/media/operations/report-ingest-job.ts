import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { applyReport } from "../ingest-report.ts";
import { changeIngestJob, lockIngestJob } from "../store/ingest-jobs.ts";
import { findPackage } from "../store/packages.ts";
import { requireAssetOf } from "../titles.ts";
import { toIngestJob } from "../to-ingest-job.ts";

export const reportIngestJob: Handler<"reportIngestJob", MediaContext> = async (
  { params, body, unit },
  context,
) => {
  const job = await lockIngestJob(unit, context, params.job_id);
  if (!job) throw new FlixError("not_found", { detail: "There is no such ingest job." });
  const now = context.clock.now();
  const { failure, workers, waiting_for, ...changes } = applyReport(job, body, now);
  await requireAssetOf(unit, context, job.title_id, body.asset_id);
  if (body.package_id !== undefined) {
    const made = await findPackage(unit, context, body.package_id);
    if (made?.title_id !== job.title_id) throw new FlixError("package_not_found");
  }
  const row = await changeIngestJob(unit, context, job.id, {
    ...changes,
    failure: jsonOf(failure),
    workers: jsonOf(workers),
    waiting_for: jsonOf(waiting_for),
    heartbeat_at: now,
  });
  return toIngestJob(row);
};

function jsonOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
