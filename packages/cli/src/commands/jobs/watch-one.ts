import { styleText } from "node:util";
import type { Flix } from "@flix/sdk";
import { cutToCells, wrapToCells } from "../../cells.ts";
import type { CommandContext } from "../../context.ts";
import type { Host } from "../../host.ts";
import { openLiveRegion } from "../../live-region.ts";
import { showProgress } from "../../progress-display.ts";
import type { IngestJob } from "../../resources.ts";
import { renderTable } from "../../table.ts";
import { durationText } from "../../wording.ts";
import { isEnded, jobFields, requireSucceeded, stateText } from "./job-view.ts";
import { waitText } from "./wait-text.ts";
import { workerColumns } from "./work-view.ts";

export const pollMs = 2_000;

/** Until it has ended. */
export async function watchOne(
  flix: Flix,
  jobId: string,
  { host, output, signal }: Pick<CommandContext, "host" | "output" | "signal">,
): Promise<void> {
  const display = await showJob(host, output.json);
  try {
    for (;;) {
      const job = await flix.getIngestJob({ job_id: jobId });
      display.update(job);
      if (isEnded(job)) {
        display.stop();
        output.record(job, jobFields);
        return requireSucceeded(job);
      }
      await host.sleep(pollMs, signal);
    }
  } finally {
    display.stop();
  }
}

interface JobDisplay {
  update(job: IngestJob): void;
  stop(): void;
}

async function showJob(host: Host, json: boolean): Promise<JobDisplay> {
  if (!json && host.stderr.isTTY) return showLive(host);
  const lines = await showProgress(host, json);
  let waited: string | undefined;
  return {
    update(job) {
      const { stage = job.state, progress: fraction, speed, eta_seconds: etaSeconds } = job;
      const { workers, waiting_for: wait } = job;
      lines.update({ stage, fraction, speed, etaSeconds, facts: { workers, waiting_for: wait } });
      const waits = wait && waitText(wait);
      if (!json && waits !== undefined && waits !== waited) host.stderr.write(`waits: ${waits}\n`);
      waited = waits;
    },
    stop: lines.stop,
  };
}

function showLive(host: Host): JobDisplay {
  const { stderr } = host;
  const region = openLiveRegion(stderr);
  return {
    update(job) {
      const width = (stderr.columns || 80) - 1;
      const lines = linesOf(job, width).map((line) => cutToCells(line, width));
      region.draw(lines.slice(0, Math.max(1, (stderr.rows || 24) - 1)));
    },
    stop: region.erase,
  };
}

function linesOf(job: IngestJob, width: number): string[] {
  const { stage, progress, speed, eta_seconds: left, workers = [], waiting_for: wait, worker } = job;
  const facts = [stage ?? stateText(job), `${Math.floor(progress * 100)}%`];
  if (speed) facts.push(`${speed.toFixed(1)}x`);
  if (left !== undefined) facts.push(`${durationText(left)} left`);
  const head = `${facts.join("  ")}  ${job.source_filename ?? job.id}, ingested on ${worker}`;
  const bold = (text: string) => styleText("bold", text, { stream: process.stderr });
  const table = workers.length > 0 ? renderTable(workerColumns, workers, { width, bold }).split("\n") : [];
  return [head, ...(wait ? wrapToCells(`waits: ${waitText(wait)}`, width) : []), ...table];
}
