import { FlixError } from "../../../kernel/errors.ts";
import { requireMatch } from "../../../kernel/etags.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { hasScope } from "../../../kernel/security.ts";
import { requireAccountWriter } from "../access.ts";
import type { UsersContext } from "../context.ts";
import { changeAccount, lockAccount } from "../store/accounts.ts";
import { toAccount } from "../to-resources.ts";

export const updateAccount: Handler<"updateAccount", UsersContext> = async (
  { params, body, principal, unit, ifMatch },
  context,
) => {
  requireAccountWriter(principal, params.account_id);
  if ((body.email !== undefined || body.country !== undefined) && !hasScope(principal, "users:write")) {
    throw new FlixError("insufficient_scope", {
      detail: "Needs users:write: a viewer changes name and language only.",
    });
  }
  const { id, version } = await lockAccount(unit, context, params.account_id);
  requireMatch(ifMatch, version);
  return toAccount(await changeAccount(unit, context, id, body), principal);
};
