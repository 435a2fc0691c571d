import { defineCommand } from "../../command.ts";
import { oneOf, time } from "../../kinds.ts";
import { optional, withDefault } from "../../parameters.ts";
import type { PlaybackReport } from "../../resources.ts";
import { renderTable, type Column } from "../../table.ts";
import { durationText, percentText, timeText } from "../../wording.ts";

export const getPlaybackReport = defineCommand({
  details: "In the terms of CTA-2066; the contract gives each formula. Without a range: the last 7 days.",
  options: {
    from: optional("time", time, "Its begin"),
    to: optional("time", time, "Its end, not included"),
    by: withDefault("group", oneOf(["title", "day", "device"]), "title", "One row for each"),
  },
  examples: [
    { command: "flix analytics report --by day", does: "The last week, day by day" },
    { command: "flix analytics report --from 2026-11-01 --to 2026-12-01 --json", does: "A month, as data" },
  ],
  async run({ from, to, by }, { connect, output }) {
    const flix = await connect();
    const report = await flix.getPlaybackReport({ from, to, group_by: by });
    output.note(`${timeText(report.from)} to ${timeText(report.to)}, UTC`);
    const rows = [...report.rows, { key: "", label: "Total", ...report.total }];
    output.data(report, (paper) => renderTable(columns, rows, paper));
  },
});

const columns: readonly Column<PlaybackReport["rows"][number]>[] = [
  { header: "", value: ({ label }) => label, flexible: true },
  { header: "ATTEMPTS", value: ({ attempts }) => attempts, align: "right" },
  { header: "STARTS", value: ({ starts }) => starts, align: "right" },
  { header: "WATCHED", value: ({ watch_seconds: seconds }) => durationText(seconds), align: "right" },
  { header: "COMPLETED", value: ({ completion_ratio: ratio }) => percentText(ratio), align: "right" },
  {
    header: "START P50",
    value: ({ video_start_time_ms: start }) => start && `${start.p50} ms`,
    align: "right",
  },
  {
    header: "START P95",
    value: ({ video_start_time_ms: start }) => start && `${start.p95} ms`,
    align: "right",
  },
  { header: "REBUFFER", value: ({ rebuffer_ratio: ratio }) => percentText(ratio), align: "right" },
  { header: "FAILED", value: ({ start_failures: failures }) => failures, align: "right" },
];
