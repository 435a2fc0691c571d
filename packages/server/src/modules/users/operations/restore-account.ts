import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { changeAccount, lockAccount } from "../store/accounts.ts";
import { toAccount } from "../to-resources.ts";

export const restoreAccount: Handler<"restoreAccount", UsersContext> = async (
  { params, principal, unit },
  context,
) => {
  const account = await lockAccount(unit, context, params.account_id);
  if (account.state === "active") return toAccount(account, principal);
  const restored = await changeAccount(unit, context, account.id, {
    state: "active",
    suspended_at: null,
    suspension_reason: null,
  });
  await unit.publish(context.database, { type: "account.restored", account_id: account.id, data: {} });
  return toAccount(restored, principal);
};
