import { dryRunOption, showDeleted, yesOption } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";

export const deleteAccount = defineCommand({
  details: "Its profiles, history, ratings and sign-ins go with it.",
  arguments: { accountId: required("account-id", id("acc"), "The account") },
  options: { ...yesOption, ...dryRunOption },
  examples: [
    {
      command: "flix users delete acc_01k9v3c4x5e6f7g8h9j0kmnpqr --yes",
      does: "Delete it without a question",
    },
  ],
  async run({ accountId, yes, dryRun }, { connect, output, confirm }) {
    const flix = await connect();
    const { email } = await flix.getAccount({ account_id: accountId });
    await confirm(`Delete ${email} (${accountId}) for good?`, yes || dryRun);
    await flix.deleteAccount({ account_id: accountId, validate_only: dryRun });
    showDeleted(output, accountId, dryRun, `Deleted ${email}.`);
  },
});
