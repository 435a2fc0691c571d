import { defineCommand } from "../../command.ts";
import { id } from "../../kinds.ts";
import { required } from "../../parameters.ts";
import { accountFields } from "./account-view.ts";

export const getAccount = defineCommand({
  arguments: { accountId: required("account-id", id("acc"), "The account") },
  examples: [{ command: "flix users get acc_01k9v3c4x5e6f7g8h9j0kmnpqr", does: "Show an account" }],
  async run({ accountId }, { connect, output }) {
    const flix = await connect();
    output.record(await flix.getAccount({ account_id: accountId }), accountFields);
  },
});
