import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { hasScope } from "../../../kernel/security.ts";
import type { UsersContext } from "../context.ts";
import { openAccount } from "../new-account.ts";
import { hashPassword } from "../password.ts";
import { toAccount } from "../to-resources.ts";

export const createAccount: Handler<"createAccount", UsersContext> = async (
  { body: { password, language = "en", ...draft }, principal, unit, ip },
  context,
) => {
  if (!hasScope(principal, "users:write")) {
    if (context.signUp === "closed") throw new FlixError("sign_up_closed");
    if (password === undefined) throw new FlixError("password_required");
    await context.passwords.admit({ address: ip });
  }
  const passwordHash = password === undefined ? null : await hashPassword(password);
  const { account } = await openAccount(unit, context, { ...draft, language, passwordHash });
  return toAccount(account, principal);
};
