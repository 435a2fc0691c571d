import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import { insertIngestJob } from "../store/ingest-jobs.ts";
import { requireFilm } from "../titles.ts";
import { toIngestJob } from "../to-ingest-job.ts";

export const createIngestJob: Handler<"createIngestJob", MediaContext> = async ({ body, unit }, context) => {
  await requireFilm(unit, context, body.title_id);
  const now = context.clock.now();
  const job = await insertIngestJob(unit, context, {
    id: context.ids.next("job"),
    title_id: body.title_id,
    worker: body.worker,
    source_filename: body.source_filename ?? null,
    created_at: now,
    updated_at: now,
  });
  return toIngestJob(job);
};
