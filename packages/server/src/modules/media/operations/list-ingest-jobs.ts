import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import * as store from "../store/ingest-jobs.ts";
import { toIngestJob } from "../to-ingest-job.ts";

export const listIngestJobs: Handler<"listIngestJobs", MediaContext> = async ({ query, unit }, context) => {
  const before = decodeCursor(query.cursor, ["string"] as const)?.[0];
  const filters = { titleId: query.title_id, state: query.state };
  const page = { before, limit: pageLimit(query.page_size) };
  const rows = await store.listIngestJobs(unit, context, filters, page);
  return pageOf(rows, query.page_size, toIngestJob, ({ id }) => [id]);
};
