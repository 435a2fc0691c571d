import type { components } from "@flix/openapi";
import { sql, type QueryExecutorProvider, type RawBuilder } from "kysely";

export type PlaybackMetrics = components["schemas"]["PlaybackMetrics"];
export type PlaybackReportRow = components["schemas"]["PlaybackReportRow"];
export type Grouping = "title" | "day" | "device";

const groups: Record<
  Grouping,
  { key: RawBuilder<string>; label: RawBuilder<string>; order: RawBuilder<unknown> }
> = {
  title: { key: sql`title_id`, label: sql`max(title)`, order: sql`sum(play_ms) desc, key` },
  day: {
    key: sql`to_char(attempted_at at time zone 'UTC', 'YYYY-MM-DD')`,
    label: sql`to_char(attempted_at at time zone 'UTC', 'YYYY-MM-DD')`,
    order: sql`key`,
  },
  device: { key: sql`device`, label: sql`max(device)`, order: sql`sum(play_ms) desc, key` },
};

export async function readReport(
  db: QueryExecutorProvider,
  { from, to, group }: { from: Date; to: Date; group: Grouping },
): Promise<{ total: PlaybackMetrics; rows: PlaybackReportRow[] }> {
  const { key, label, order } = groups[group];
  const groupKey = group === "day" ? key : sql.ref(group === "title" ? "title_id" : "device");
  const grouped = await sql<MetricsRow & { key: string; label: string }>`${attemptedSessions(from, to)}
    select ${key} as key, ${group === "day" ? key : label} as label, ${measures}
    from measured group by ${groupKey} order by ${order} limit 1000`.execute(db);
  const whole =
    await sql<MetricsRow>`${attemptedSessions(from, to)} select ${measures} from measured`.execute(db);
  const [total] = whole.rows;
  if (!total) throw new Error("An aggregate without groups gives one row");
  return {
    total: toMetrics(total),
    rows: grouped.rows.map((row) => ({ key: row.key, label: row.label, ...toMetrics(row) })),
  };
}

/**
 * One row a session whose attempt lies in the range, over all of its events. Terms are CTA-2066's: a start failure is a
 * fatal error before the first frame, an exit before start has no fatal error.
 */
function attemptedSessions(from: Date, to: Date): RawBuilder<unknown> {
  return sql`with attempts as (
      select account_id, session_id, min(server_ts) as attempted_at from analytics.player_events
      where type = 'attempt' and server_ts >= ${from} and server_ts < ${to} group by account_id, session_id
    ), measured as (
      select attempted_at, sessions.title_id, sessions.title, sessions.device,
        bool_or(type = 'start') as started,
        bool_or(type = 'error' and fatal) as failed,
        bool_or(type = 'exit') as left_early,
        coalesce(sum(play_ms), 0) as play_ms,
        coalesce(sum(stall_ms), 0) as stall_ms,
        min(video_start_time_ms) filter (where type = 'start') as video_start_time_ms,
        case when bool_or(type = 'end') then 1
          else least(1, coalesce(max(playhead_seconds), 0) / nullif(sessions.duration_seconds, 0)) end as completion
      from attempts join analytics.sessions using (account_id, session_id)
        join analytics.player_events using (account_id, session_id)
      group by account_id, session_id, attempted_at, sessions.title_id, sessions.title, sessions.device,
        sessions.duration_seconds
    ) `;
}

const measures = sql`count(*)::integer as attempts,
  (count(*) filter (where started))::integer as starts,
  coalesce(sum(play_ms), 0)::double precision / 1000 as watch_seconds,
  (avg(completion) filter (where started))::double precision as completion_ratio,
  percentile_disc(0.5) within group (order by video_start_time_ms) as start_p50,
  percentile_disc(0.95) within group (order by video_start_time_ms) as start_p95,
  (sum(stall_ms)::double precision / nullif(sum(stall_ms) + sum(play_ms), 0))::double precision as rebuffer_ratio,
  (count(*) filter (where failed and not started))::integer as start_failures,
  (count(*) filter (where left_early and not started and not coalesce(failed, false)))::integer as exits_before_start`;

interface MetricsRow {
  attempts: number;
  starts: number;
  watch_seconds: number;
  completion_ratio: number | null;
  start_p50: number | null;
  start_p95: number | null;
  rebuffer_ratio: number | null;
  start_failures: number;
  exits_before_start: number;
}

function toMetrics(row: MetricsRow): PlaybackMetrics {
  const { start_p50: p50, start_p95: p95 } = row;
  return {
    attempts: row.attempts,
    starts: row.starts,
    watch_seconds: row.watch_seconds,
    ...(row.completion_ratio === null ? {} : { completion_ratio: row.completion_ratio }),
    ...(p50 === null || p95 === null ? {} : { video_start_time_ms: { p50, p95 } }),
    ...(row.rebuffer_ratio === null ? {} : { rebuffer_ratio: row.rebuffer_ratio }),
    start_failures: row.start_failures,
    exits_before_start: row.exits_before_start,
  };
}
