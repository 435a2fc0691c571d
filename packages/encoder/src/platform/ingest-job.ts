import { hostname } from "node:os";
import { createIngestJob, type Input, isFlixError, reportIngestJob } from "@flix/sdk";
import { EncoderError, throwIfAborted } from "../errors.ts";
import type { Progress, WorkerProgress } from "../progress.ts";
import type { ChunkWait } from "../video/chunk-runner.ts";
import { filenameOf, parseMasterAddress } from "../source/remote/master-address.ts";
import type { PublishedPackage } from "./publish.ts";
import { contractFilename, explainUpload, type UploadTarget } from "./upload.ts";

type Report = Input<"reportIngestJob">["body"];

interface JobOptions extends UploadTarget {
  input: string;
  onProgress?: ((progress: Progress) => void) | undefined;
}

interface JobContext {
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** The contract wants a report at least every 15 s. */
const heartbeatMs = 10_000;

/**
 * Opens a job on the platform, so that operators see who encodes what and can cancel it, and reports to it while the work runs. A platform
 * that does not answer meanwhile does not stop an encode; the upload finds out soon enough.
 */
export async function runAsJob(
  options: JobOptions,
  work: (context: JobContext) => Promise<PublishedPackage>,
): Promise<PublishedPackage & { jobId: string }> {
  const { client, titleId, signal } = options;
  throwIfAborted(signal);
  const body = {
    title_id: titleId,
    worker: hostname(),
    source_filename: contractFilename(filenameOf(parseMasterAddress(options.input))),
  };
  const job = await createIngestJob(client, { body }, signal ? { signal } : {}).catch((error: unknown) => {
    throw explainUpload(error, signal);
  });
  const cancel = new AbortController();
  const reporter = startReporter(async (report) => {
    const answer = await reportIngestJob(
      client,
      { job_id: job.id, body: report },
      { timeoutMs: 5_000, maxRetries: 1 },
    );
    if (answer.cancel_requested) cancel.abort();
  });
  try {
    const published = await work({
      signal: signal ? AbortSignal.any([signal, cancel.signal]) : cancel.signal,
      onProgress(progress) {
        reporter.update(progress);
        options.onProgress?.(progress);
      },
    });
    await reporter.end({ state: "succeeded", package_id: published.packageId, asset_id: published.assetId });
    return { ...published, jobId: job.id };
  } catch (error) {
    await reporter.end(endOf(error));
    throw error;
  }
}

function endOf(error: unknown): Report {
  if (error instanceof EncoderError) {
    if (error.code === "cancelled") return { state: "canceled" };
    return {
      state: "failed",
      failure: { code: error.code, message: `${error.message} ${error.hint}`.slice(0, 2000) },
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    state: "failed",
    failure: { code: "internal_error", message: message.slice(0, 2000) || "unknown" },
  };
}

interface Reporter {
  update(progress: Progress): void;
  end(report: Report): Promise<void>;
}

/** One report at a time: at a change of stage, and as a heartbeat. */
function startReporter(send: (report: Report) => Promise<void>): Reporter {
  let last: Report = { state: "running", stage: "probe", progress: 0 };
  let sending = Promise.resolve();
  let waiting = false;
  const post = (): void => {
    if (waiting) return;
    waiting = true;
    sending = sending.then(async () => {
      waiting = false;
      await send(last).catch(ignorePlatform);
    });
  };
  const timer = setInterval(post, heartbeatMs);
  post();
  return {
    update({ stage, fraction, speed, etaSeconds, workers, waitingFor }) {
      const changed = stage !== last.stage;
      last = { state: "running", stage, progress: fraction };
      if (speed !== null) last.speed = speed;
      if (etaSeconds !== null) last.eta_seconds = etaSeconds;
      if (workers.length > 0) last.workers = workers.slice(0, maxWorkers).map(toWorker);
      if (waitingFor) last.waiting_for = toWait(waitingFor);
      if (changed) post();
    },
    async end(report) {
      clearInterval(timer);
      last = report;
      await sending;
      await send(report).catch(ignorePlatform);
    },
  };
}

/** As many as the contract takes. */
const maxWorkers = 256;

function toWorker({ machine, slot, codec, chunk, attempt, fraction, speed }: WorkerProgress) {
  const told = { machine, slot, task: codec, chunk, progress: fraction, speed };
  return attempt > 1 ? { ...told, attempt } : told;
}

function toWait(wait: ChunkWait): NonNullable<Report["waiting_for"]> {
  return wait.reason === "queue"
    ? { reason: "queue", tasks_ahead: wait.tasksAhead }
    : { reason: wait.reason };
}

function ignorePlatform(error: unknown): void {
  if (!isFlixError(error)) throw error;
}
