import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { jobFields } from "./job-view.ts";

export const getIngestJob = defineCommand({
  arguments: { jobId: required("job-id", id("job"), "The job") },
  examples: [
    { command: "flix jobs get job_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Show a job, and why it failed" },
  ],
  async run({ jobId }, { connect, output }) {
    const flix = await connect();
    output.record(await flix.getIngestJob({ job_id: jobId }), jobFields);
  },
});
