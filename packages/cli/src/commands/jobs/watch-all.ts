import { styleText } from "node:util";
import type { Flix } from "@flix/sdk";
import { cutToCells } from "../../cells.ts";
import type { CommandContext } from "../../context.ts";
import type { Host } from "../../host.ts";
import { openLiveRegion } from "../../live-region.ts";
import type { Output } from "../../output.ts";
import { printable } from "../../printable.ts";
import type { IngestJob } from "../../resources.ts";
import { renderTable } from "../../table.ts";
import { isEnded, stateText } from "./job-view.ts";
import { pollMs } from "./watch-one.ts";
import { watchedColumns } from "./work-view.ts";

/** Every job that runs or waits for its first report, until the watching ends; those that end meanwhile are told. */
export async function watchAll(
  flix: Flix,
  { host, output, signal }: Pick<CommandContext, "host" | "output" | "signal">,
): Promise<never> {
  const display = host.stderr.isTTY && !output.json ? showLive(host) : showChanges(output);
  let known: IngestJob[] = [];
  try {
    for (;;) {
      const jobs = await listUnended(flix);
      const there = new Set(jobs.map(({ id }) => id));
      for (const { id } of known.filter((job) => !there.has(job.id)))
        display.end(await flix.getIngestJob({ job_id: id }));
      display.show(jobs);
      known = jobs;
      await host.sleep(pollMs, signal);
    }
  } finally {
    display.stop();
  }
}

/** The oldest first, so that a job keeps its place in the table. */
async function listUnended(flix: Flix): Promise<IngestJob[]> {
  const [running, queued] = await Promise.all(
    (["running", "queued"] as const).map((state) => flix.listIngestJobs({ state, page_size: 100 })),
  );
  return [...(running?.data ?? []), ...(queued?.data ?? [])].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

interface JobsDisplay {
  show(jobs: readonly IngestJob[]): void;
  end(job: IngestJob): void;
  stop(): void;
}

function showLive(host: Host): JobsDisplay {
  const { stderr } = host;
  const region = openLiveRegion(stderr);
  const bold = (text: string) => styleText("bold", text, { stream: stderr });
  return {
    show(jobs) {
      const width = (stderr.columns || 80) - 1;
      const room = Math.max(1, (stderr.rows || 24) - 3);
      const table = jobs.length > 0 ? renderTable(watchedColumns, jobs, { width, bold }).split("\n") : [];
      const shown = table.slice(0, room);
      const total = `${jobs.length === 0 ? "No job" : jobs.length} running or waiting. Ctrl-C ends the watching.`;
      region.draw([...shown, total].map((line) => cutToCells(line, width)));
    },
    end: (job) => region.note(endText(job)),
    stop: region.erase,
  };
}

/** A line at each change of state or stage; with `--json` each is the job itself. */
function showChanges(output: Output): JobsDisplay {
  const last = new Map<string, string>();
  return {
    show(jobs) {
      for (const job of jobs) {
        const key = `${job.state} ${job.stage ?? ""} ${job.waiting_for?.reason ?? ""}`;
        if (last.get(job.id) === key) continue;
        last.set(job.id, key);
        const facts = watchedColumns.map(({ value }) => value(job)).filter((fact) => fact !== undefined);
        output.stream(job, facts.map((fact) => printable(String(fact))).join("  "));
      }
    },
    end(job) {
      last.delete(job.id);
      output.stream(job, printable(endText(job)));
    },
    stop() {},
  };
}

function endText(job: IngestJob): string {
  const { source_filename: file = job.id, failure } = job;
  const why = failure ? `: ${failure.message} [${failure.code}]` : "";
  return `${file}  ${isEnded(job) ? stateText(job) : "goes on"}${why}`;
}
