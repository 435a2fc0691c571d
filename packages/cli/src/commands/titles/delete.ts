import { dryRunOption, showDeleted, yesOption } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";

export const deleteTitle = defineCommand({
  details: "With its packages and their files. A published title has to be unpublished first.",
  arguments: { titleId: required("title-id", id("ttl"), "The title") },
  options: { ...yesOption, ...dryRunOption },
  examples: [
    {
      command: "flix titles delete ttl_01k9v3c4x5e6f7g8h9j0kmnpqr --yes",
      does: "Delete it without a question",
    },
  ],
  async run({ titleId, yes, dryRun }, { connect, output, confirm }) {
    const flix = await connect();
    const { title } = await flix.getTitle({ title_id: titleId });
    await confirm(`Delete ${title} (${titleId}) for good?`, yes || dryRun);
    await flix.deleteTitle({ title_id: titleId, validate_only: dryRun });
    showDeleted(output, titleId, dryRun, `Deleted ${title}.`);
  },
});
