import type { Handler } from "../../../kernel/handler.ts";
import { requireAccountWriter } from "../access.ts";
import type { UsersContext } from "../context.ts";
import { lockAccount, removeAccount } from "../store/accounts.ts";
import { removeRecordsOfHolder } from "../store/oauth-records.ts";

export const deleteAccount: Handler<"deleteAccount", UsersContext> = async (
  { params, principal, unit },
  context,
) => {
  requireAccountWriter(principal, params.account_id);
  const { id } = await lockAccount(unit, context, params.account_id);
  await removeAccount(unit, context, id);
  await removeRecordsOfHolder(unit, context, id);
  await unit.publish(context.database, { type: "account.deleted", account_id: id, data: {} });
  return undefined;
};
