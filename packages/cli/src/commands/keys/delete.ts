import { dryRunOption, showDeleted, yesOption } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";

export const deleteKeySet = defineCommand({
  details:
    "For a set that no package came of, such as that of an encode that was given up. Keys that packages use go with the packages.",
  arguments: { keySetId: required("key-set-id", id("kst"), "The key set") },
  options: { ...yesOption, ...dryRunOption },
  examples: [
    {
      command: "flix keys delete kst_01k9v3c4x5e6f7g8h9j0kmnpqr --yes",
      does: "Delete it without a question",
    },
  ],
  async run({ keySetId, yes, dryRun }, { connect, output, confirm }) {
    const flix = await connect();
    await confirm(`Delete the keys of ${keySetId} for good?`, yes || dryRun);
    await flix.deleteKeySet({ key_set_id: keySetId, validate_only: dryRun });
    showDeleted(output, keySetId, dryRun, `Deleted ${keySetId}.`);
  },
});
