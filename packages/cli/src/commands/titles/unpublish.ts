import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { titleFields } from "./title-view.ts";

export const unpublishTitle = defineCommand({
  details: "Nobody can start it any more; who watches it now may go on until the grant ends.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: dryRunOption,
  examples: [{ command: "flix titles unpublish ttl_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Unpublish it" }],
  async run({ titleId, dryRun }, { connect, output }) {
    const flix = await connect();
    const title = await flix.unpublishTitle({ title_id: titleId, validate_only: dryRun });
    output.record(title, titleFields);
    noteChange(output, dryRun, `Unpublished ${title.title}.`);
  },
});
