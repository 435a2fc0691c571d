import { CliError } from "../../errors.ts";
import type { IngestJob } from "../../resources.ts";
import type { Column, Field } from "../../table.ts";
import { durationText, timeText } from "../../wording.ts";
import { waitText } from "./wait-text.ts";

export const jobColumns: readonly Column<IngestJob>[] = [
  { header: "ID", value: ({ id }) => id },
  { header: "FILE", value: ({ source_filename: file }) => file, flexible: true },
  { header: "STATE", value: stateText },
  { header: "STAGE", value: ({ stage }) => stage },
  { header: "DONE", value: percentOf, align: "right" },
  { header: "WORKER", value: ({ worker }) => worker, flexible: true },
  { header: "CREATED", value: ({ created_at: created }) => timeText(created) },
];

export function jobFields(job: IngestJob): readonly Field[] {
  return [
    ["ID", job.id],
    ["Title", job.title_id],
    ["File", job.source_filename],
    ["State", stateText(job)],
    ["Stage", job.stage],
    ["Done", percentOf(job)],
    ["Speed", job.speed === undefined ? undefined : `${job.speed.toFixed(1)}x`],
    ["Time left", isEnded(job) ? undefined : durationText(job.eta_seconds)],
    ["Worker", job.worker],
    ["Waits", job.waiting_for && waitText(job.waiting_for)],
    ["Package", job.package_id],
    ["Failure", job.failure && `${job.failure.message} [${job.failure.code}]`],
    ["Created", timeText(job.created_at)],
    ["Ended", timeText(job.ended_at)],
  ];
}

export function isEnded({ state }: IngestJob): boolean {
  return state === "succeeded" || state === "failed" || state === "canceled";
}

/** A job that did not succeed makes the command that waits for it fail too. */
export function requireSucceeded(job: IngestJob): void {
  if (job.state === "failed") {
    const { code = "ingest_failed", message = "The ingest job failed" } = job.failure ?? {};
    throw new CliError(code, {
      message,
      fix: `Run \`flix ingest\` again on ${job.worker}; it goes on where it can.`,
    });
  }
  if (job.state === "canceled") {
    throw new CliError("ingest_canceled", {
      message: "The ingest job was canceled",
      fix: "Run `flix ingest` again.",
    });
  }
}

export function stateText({ state, cancel_requested: canceling }: IngestJob): string {
  return canceling && (state === "running" || state === "queued") ? `${state}, canceling` : state;
}

function percentOf({ progress }: IngestJob): string {
  return `${Math.floor(progress * 100)}%`;
}
