import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { titleFields } from "./title-view.ts";

export const publishTitle = defineCommand({
  details: "It needs a package to play; `flix ingest` makes one.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: dryRunOption,
  examples: [{ command: "flix titles publish ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Publish it" }],
  async run({ titleId, dryRun }, { connect, output }) {
    const flix = await connect();
    const title = await flix.publishTitle({ title_id: titleId, validate_only: dryRun });
    output.record(title, titleFields);
    noteChange(output, dryRun, `Published ${title.title}.`);
  },
});
