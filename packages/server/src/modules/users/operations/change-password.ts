import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { hasScope } from "../../../kernel/security.ts";
import { requireAccountWriter } from "../access.ts";
import type { UsersContext } from "../context.ts";
import { hashPassword, verifyPassword } from "../password.ts";
import { changeAccount, findAccount, lockAccount } from "../store/accounts.ts";
import { removeRecordsOfHolder } from "../store/oauth-records.ts";

export const changePassword: Handler<"changePassword", UsersContext> = async (
  { params, body, principal, unit, ip },
  context,
) => {
  const accountId = params.account_id;
  requireAccountWriter(principal, accountId);
  if (!hasScope(principal, "users:write")) {
    await context.passwords.admit({ name: accountId, address: ip });
    const known = await findAccount(unit, context, accountId);
    if (!(await verifyPassword(body.current_password ?? "", known?.password_hash))) {
      throw new FlixError("current_password_wrong", {
        errors: [{ pointer: "/current_password", message: "is not the present password" }],
      });
    }
  }
  const passwordHash = await hashPassword(body.new_password);
  await lockAccount(unit, context, accountId);
  await changeAccount(unit, context, accountId, { password_hash: passwordHash });
  // Whoever knew the old password must not stay signed in with it.
  await removeRecordsOfHolder(unit, context, accountId);
  return undefined;
};
