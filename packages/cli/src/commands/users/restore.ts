import { dryRunOption, noteChange } from "../../changes.ts";
import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { accountFields } from "./account-view.ts";

export const restoreAccount = defineCommand({
  arguments: { accountId: required("account-id", id("acc"), "The account") },
  options: dryRunOption,
  examples: [{ command: "flix users restore acc_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "End the suspension" }],
  async run({ accountId, dryRun }, { connect, output }) {
    const flix = await connect();
    const account = await flix.restoreAccount({ account_id: accountId, validate_only: dryRun });
    output.record(account, accountFields);
    noteChange(output, dryRun, `Restored ${account.email}.`);
  },
});
