import type { Handler } from "../../../kernel/handler.ts";
import { unauthorized, type Principal } from "../../../kernel/security.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { UsersContext } from "../context.ts";
import { findAccount } from "../store/accounts.ts";
import { findClient } from "../store/clients.ts";
import { findOperator } from "../store/operators.ts";

export const getWhoami: Handler<"getWhoami", UsersContext> = async ({ principal, unit }, context) => {
  if (principal.kind === "anonymous") throw unauthorized("Send an access token: Authorization: Bearer ...");
  const { kind, id, scopes, tokenExpiresAt } = principal;
  const row = await findNamed(unit, context, principal);
  if (!row) throw unauthorized("The token's holder is gone.");
  return {
    kind,
    id,
    name: row.name,
    ...(row.email === undefined ? {} : { email: row.email }),
    ...(principal.kind === "operator" ? { role: principal.role } : {}),
    scopes: [...scopes],
    expires_at: tokenExpiresAt.toISOString(),
  };
};

function findNamed(
  unit: Unit,
  context: UsersContext,
  { kind, id }: Exclude<Principal, { kind: "anonymous" }>,
): Promise<{ name: string; email?: string } | undefined> {
  switch (kind) {
    case "account":
      return findAccount(unit, context, id);
    case "operator":
      return findOperator(unit, context, id);
    case "client":
      return findClient(unit, context, id);
  }
}
