import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { jobFields } from "./job-view.ts";

export const cancelIngestJob = defineCommand({
  details: "Its worker stops within seconds; what the title plays now stays as it is.",
  arguments: { jobId: required("job-id", id("job"), "The job") },
  options: dryRunOption,
  examples: [{ command: "flix jobs cancel job_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Stop the encode" }],
  async run({ jobId, dryRun }, { connect, output }) {
    const flix = await connect();
    const job = await flix.cancelIngestJob({ job_id: jobId, validate_only: dryRun });
    output.record(job, jobFields);
    noteChange(output, dryRun, `Asked ${job.worker} to stop.`);
  },
});
