import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { showProgress } from "../../progress-display.ts";
import { isEnded, jobFields, requireSucceeded } from "./job-view.ts";

const pollMs = 2_000;

export const watchIngestJob = defineCommand({
  details: "Exit code 1 when the job fails or is canceled. Ctrl-C ends the watching, not the job.",
  arguments: { jobId: required("job-id", id("job"), "The job") },
  examples: [{ command: "flix jobs watch job_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Until it has ended" }],
  async run({ jobId }, { connect, host, output, signal }) {
    const flix = await connect();
    const display = await showProgress(host, output.json);
    try {
      for (;;) {
        const job = await flix.getIngestJob({ job_id: jobId });
        const { stage = job.state, progress: fraction, speed, eta_seconds: etaSeconds } = job;
        display.update({ stage, fraction, speed, etaSeconds });
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
  },
});
