import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { AnalyticsContext } from "../context.ts";
import { readReport } from "../report-store.ts";

const dayMs = 86_400_000;

export const getPlaybackReport: Handler<"getPlaybackReport", AnalyticsContext> = async (
  { query, unit },
  { clock, database },
) => {
  const to = query.to === undefined ? clock.now() : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - 7 * dayMs) : new Date(query.from);
  if (!(from < to) || to.getTime() - from.getTime() > 400 * dayMs)
    throw new FlixError("report_range_not_valid");
  const group = query.group_by ?? "title";
  const report = await readReport(unit.on(database), { from, to, group });
  return { from: from.toISOString(), to: to.toISOString(), group_by: group, ...report };
};
