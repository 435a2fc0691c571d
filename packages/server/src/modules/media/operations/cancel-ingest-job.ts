import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { changeIngestJob, lockIngestJob } from "../store/ingest-jobs.ts";
import { toIngestJob } from "../to-ingest-job.ts";

export const cancelIngestJob: Handler<"cancelIngestJob", MediaContext> = async (
  { params, unit },
  context,
) => {
  const job = await lockIngestJob(unit, context, params.job_id);
  if (!job) throw new FlixError("not_found", { detail: "There is no such ingest job." });
  if (job.state === "canceled" || job.cancel_requested) return toIngestJob(job);
  if (job.state === "succeeded" || job.state === "failed") {
    throw new FlixError("ingest_job_ended", { detail: `It has ${job.state}.` });
  }
  const ended = job.state === "queued" ? { state: "canceled" as const, ended_at: context.clock.now() } : {};
  return toIngestJob(await changeIngestJob(unit, context, job.id, { cancel_requested: true, ...ended }));
};
