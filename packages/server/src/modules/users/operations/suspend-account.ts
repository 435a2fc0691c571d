import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { changeAccount, lockAccount } from "../store/accounts.ts";
import { removeRecordsOfHolder } from "../store/oauth-records.ts";
import { toAccount } from "../to-resources.ts";

export const suspendAccount: Handler<"suspendAccount", UsersContext> = async (
  { params, body: { reason }, principal, unit },
  context,
) => {
  const account = await lockAccount(unit, context, params.account_id);
  if (account.state === "suspended") return toAccount(account, principal);
  const suspended = await changeAccount(unit, context, account.id, {
    state: "suspended",
    suspended_at: context.clock.now(),
    suspension_reason: reason,
  });
  await removeRecordsOfHolder(unit, context, account.id);
  await unit.publish(context.database, {
    type: "account.suspended",
    account_id: account.id,
    data: { reason },
  });
  return toAccount(suspended, principal);
};
