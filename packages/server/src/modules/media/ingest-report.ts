import type { components } from "@flix/openapi";
import { FlixError } from "../../kernel/errors.ts";

type Schemas = components["schemas"];
type Report = Schemas["IngestReport"];

/** What a report may change of a job. */
export interface ReportedJob {
  state: Schemas["IngestJobState"];
  stage: Schemas["IngestStage"] | null;
  progress: number;
  speed: number | null;
  eta_seconds: number | null;
  workers: Schemas["IngestWorkers"] | null;
  waiting_for: Schemas["IngestWait"] | null;
  asset_id: string | null;
  package_id: string | null;
  failure: Schemas["IngestFailure"] | null;
  started_at: Date | null;
  ended_at: Date | null;
}

const stages: Schemas["IngestStage"][] = [
  "fetch",
  "probe",
  "admit",
  "plan",
  "analyse",
  "transcode",
  "measure",
  "package",
  "verify",
  "upload",
  "publish",
];

/**
 * The job after a report: queued -> running -> succeeded | failed | canceled. Reports may overtake each other on the
 * way, so stage and progress never go back; who works and what is waited for is as the latest says.
 */
export function applyReport(job: ReportedJob, report: Report, at: Date): ReportedJob {
  if (isEnded(job.state)) throw new FlixError("ingest_job_ended", { detail: `It has ${job.state}.` });
  const package_id = report.package_id ?? job.package_id;
  const incomplete =
    (report.state === "failed" && report.failure === undefined) ||
    (report.state === "succeeded" && package_id === null);
  if (incomplete) throw new FlixError("ingest_report_incomplete");
  const ended = report.state !== "running";
  return {
    state: report.state,
    stage: laterStage(job.stage, report.stage),
    progress: report.state === "succeeded" ? 1 : Math.max(job.progress, report.progress ?? 0),
    speed: ended ? null : (report.speed ?? job.speed),
    eta_seconds: ended ? null : (report.eta_seconds ?? null),
    workers: ended ? null : (report.workers ?? null),
    waiting_for: ended ? null : (report.waiting_for ?? null),
    asset_id: report.asset_id ?? job.asset_id,
    package_id,
    failure: report.state === "failed" ? (report.failure ?? null) : null,
    started_at: job.started_at ?? at,
    ended_at: ended ? at : null,
  };
}

export function isEnded(state: Schemas["IngestJobState"]): boolean {
  return state === "succeeded" || state === "failed" || state === "canceled";
}

function laterStage(
  stage: ReportedJob["stage"],
  reported: Schemas["IngestStage"] | undefined,
): ReportedJob["stage"] {
  if (reported === undefined || stage === null) return reported ?? stage;
  return stages.indexOf(reported) > stages.indexOf(stage) ? reported : stage;
}
