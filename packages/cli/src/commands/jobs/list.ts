import { defineCommand } from "../../command.ts";
import { id, oneOf } from "../../kinds.ts";
import { collect, listingOptions, pageSizeOf } from "../../listing.ts";
import { optional } from "../../parameters.ts";
import { jobColumns } from "./job-view.ts";

export const listIngestJobs = defineCommand({
  options: {
    title: optional("title-id", id("ttl"), "Only this title's"),
    state: optional(
      "state",
      oneOf(["queued", "running", "succeeded", "failed", "canceled"]),
      "Only this state",
    ),
    ...listingOptions,
  },
  examples: [
    { command: "flix jobs list --state running", does: "What is being encoded" },
    { command: "flix jobs list --state failed --json | jq -r '.[].failure.code'", does: "What went wrong" },
  ],
  async run({ title, state, ...listing }, { connect, output }) {
    const flix = await connect();
    const found = flix.pages.listIngestJobs({ title_id: title, state, page_size: pageSizeOf(listing) });
    output.table(await collect(found, listing, output), jobColumns, "There are no such jobs.");
  },
});
