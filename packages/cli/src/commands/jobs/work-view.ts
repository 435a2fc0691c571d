import type { IngestJob } from "../../resources.ts";
import type { Column } from "../../table.ts";
import { durationText } from "../../wording.ts";
import { stateText } from "./job-view.ts";
import { waitText } from "./wait-text.ts";

export type JobWorker = NonNullable<IngestJob["workers"]>[number];

/** What is being done for a job, and by whom. */
export const workerColumns: readonly Column<JobWorker>[] = [
  { header: "WORKER", value: ({ machine, slot }) => `${machine} #${slot}`, flexible: true },
  { header: "TASK", value: taskText },
  { header: "DONE", value: ({ progress }) => percentText(progress), align: "right" },
  { header: "SPEED", value: ({ speed }) => speedText(speed), align: "right" },
];

/** Every job that runs or waits, a line each. */
export const watchedColumns: readonly Column<IngestJob>[] = [
  { header: "FILE", value: ({ source_filename: file, id }) => file ?? id, flexible: true },
  { header: "STAGE", value: (job) => job.stage ?? stateText(job) },
  { header: "DONE", value: ({ progress }) => percentText(progress), align: "right" },
  { header: "SPEED", value: ({ speed }) => speedText(speed), align: "right" },
  { header: "LEFT", value: ({ eta_seconds: left }) => durationText(left), align: "right" },
  { header: "BY", value: byText, flexible: true },
];

/** `4 on encode-01, 2 on encode-02`, or why nobody is at it. */
function byText({ workers = [], waiting_for: wait, worker }: IngestJob): string {
  if (wait) return `waits: ${waitText(wait)}`;
  const machines = Map.groupBy(workers, ({ machine }) => machine);
  if (machines.size === 0) return worker;
  return [...machines].map(([machine, { length }]) => `${length} on ${machine}`).join(", ");
}

/** `h264 chunk 7, try 2`. */
function taskText({ task, chunk, attempt }: JobWorker): string {
  if (task === undefined) return "nothing to do";
  const which = chunk === undefined ? "" : ` chunk ${chunk}`;
  return `${task}${which}${attempt !== undefined && attempt > 1 ? `, try ${attempt}` : ""}`;
}

function percentText(fraction: number | undefined): string | undefined {
  return fraction === undefined ? undefined : `${Math.floor(fraction * 100)}%`;
}

function speedText(speed: number | undefined): string | undefined {
  return speed ? `${speed.toFixed(1)}x` : undefined;
}
