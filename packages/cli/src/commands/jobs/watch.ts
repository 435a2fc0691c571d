import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { optional } from "../../parameters.ts";
import { watchAll } from "./watch-all.ts";
import { watchOne } from "./watch-one.ts";

export const watchIngestJob = defineCommand({
  details:
    "Stage, speed and time left, each worker with its chunk, and why a job waits. Without a job, every one that runs or waits, until Ctrl-C. Exit code 1 when the job fails or is canceled. Ctrl-C ends the watching, not the job.",
  arguments: { jobId: optional("job-id", id("job"), "The job; without it, all that run") },
  examples: [
    { command: "flix jobs watch job_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Until it has ended" },
    { command: "flix jobs watch", does: "All that run, on every machine" },
  ],
  async run({ jobId }, context) {
    const flix = await context.connect();
    return jobId === undefined ? watchAll(flix, context) : watchOne(flix, jobId, context);
  },
});
