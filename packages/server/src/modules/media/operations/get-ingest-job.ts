import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { findIngestJob } from "../store/ingest-jobs.ts";
import { toIngestJob } from "../to-ingest-job.ts";

export const getIngestJob: Handler<"getIngestJob", MediaContext> = async ({ params, unit }, context) => {
  const job = await findIngestJob(unit, context, params.job_id);
  if (!job) throw new FlixError("not_found", { detail: "There is no such ingest job." });
  return toIngestJob(job);
};
