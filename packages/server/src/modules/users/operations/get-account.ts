import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { requireAccountReader } from "../access.ts";
import { findAccount } from "../store/accounts.ts";
import { toAccount } from "../to-resources.ts";

export const getAccount: Handler<"getAccount", UsersContext> = async (
  { params, principal, unit },
  context,
) => {
  requireAccountReader(principal, params.account_id);
  const account = await findAccount(unit, context, params.account_id);
  if (!account) throw new FlixError("account_not_found");
  return toAccount(account, principal);
};
