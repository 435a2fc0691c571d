import { EncoderError, encoderErrorCodes, type EncoderErrorCode } from "../errors.ts";
import { jsonFields } from "../json-fields.ts";
import type { ChunkTask } from "../video/chunk-task.ts";
import type { ChunkGrant } from "../objects/chunk-store.ts";
import type { SourceGrant } from "./source-grant.ts";

/**
 * What a worker needs for one chunk. It holds no key of a store or a source: only addresses that are signed for this task and for a
 * while. Who may publish to the queue may run the encoder's ffmpeg on every worker, as with any queue of work.
 */
export interface TaskMessage {
  version: 1;
  task: ChunkTask;
  source: SourceGrant;
  store: ChunkGrant;
  /** Above 1 when a worker failed in a way that another one may not. */
  attempt: number;
}

/** What a worker says about a task, to the queue of the run that waits for it. */
export interface WorkerReport {
  key: string;
  machine: string;
  /** Which of the machine's encoders, from 1. */
  slot: number;
  attempt: number;
  state: "running" | "done" | "failed";
  /** Encoded so far. */
  frames: number;
  wallSeconds: number;
  argv: string[];
  failure: WorkerFailure | null;
}

export interface WorkerFailure {
  code: EncoderErrorCode;
  message: string;
  hint: string;
}

/** Null for what this version does not understand: a newer worker may. */
export function parseTaskMessage(content: Buffer): TaskMessage | null {
  const value = parseJson(content);
  return isTaskMessage(value) ? value : null;
}

/** Of the fields that name files or decide whether it is understood; ffmpeg judges the rest. */
function isTaskMessage(value: unknown): value is TaskMessage {
  const message = jsonFields(value);
  const task = message.object("task");
  const files = task.list("outputs").map((output) => output.text("file"));
  return (
    message.number("version") === 1 &&
    /^[0-9a-f]{64}$/.test(task.text("key") ?? "") &&
    files.length > 0 &&
    files.every((file) => /^[a-z0-9-]+\.mp4$/.test(file ?? ""))
  );
}

export function parseReport(content: Buffer): WorkerReport | null {
  const value = parseJson(content);
  return isReport(value) ? value : null;
}

function isReport(value: unknown): value is WorkerReport {
  const report = jsonFields(value);
  const code = report.object("failure").text("code");
  return (
    report.text("key") !== undefined &&
    report.text("machine") !== undefined &&
    ["running", "done", "failed"].includes(report.text("state") ?? "") &&
    (report.text("state") !== "failed" || encoderErrorCodes.some((known) => known === code))
  );
}

export function toFailure(error: unknown): WorkerFailure {
  if (error instanceof EncoderError) {
    const { code, message, hint } = error;
    return { code, message, hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "ffmpeg_failed", message, hint: "Look at the worker's log." };
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return null;
  }
}
