import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id, text } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { accountFields } from "./account-view.ts";

export const suspendAccount = defineCommand({
  details: "It is signed out everywhere and cannot sign in or watch until it is restored.",
  arguments: { accountId: required("account-id", id("acc"), "The account") },
  options: { reason: required("text", text, "Why; operators see it"), ...dryRunOption },
  examples: [
    {
      command: "flix users suspend acc_01k9v3c4x5e6f7g8h9j0kmnpqr --reason 'Card reported stolen'",
      does: "Suspend it",
    },
  ],
  async run({ accountId, reason, dryRun }, { connect, output }) {
    const flix = await connect();
    const account = await flix.suspendAccount({
      account_id: accountId,
      validate_only: dryRun,
      body: { reason },
    });
    output.record(account, accountFields);
    noteChange(output, dryRun, `Suspended ${account.email}.`);
  },
});
