import { randomBytes } from "node:crypto";
import { operatorScopes } from "../../kernel/security.ts";
import type { Unit } from "../../kernel/unit.ts";
import { hashClientSecret, newClientSecret } from "./client-secrets.ts";
import type { UsersContext } from "./context.ts";
import { hashPassword } from "./password.ts";
import { upsertProvisionedClient } from "./store/clients.ts";
import { hasOperator, insertOperator } from "./store/operators.ts";

export interface ProvisionedClient {
  clientId: string;
  clientSecret: string;
}

/** Makes the first admin of an empty platform; tells the password this once. Undefined when there is an operator. */
export async function ensureFirstOperator(
  unit: Unit,
  context: UsersContext,
  { email, name, password }: { email: string; name: string; password?: string },
): Promise<{ email: string; password: string } | undefined> {
  if (await hasOperator(unit, context)) return undefined;
  const chosen = password ?? randomBytes(15).toString("base64url");
  const passwordHash = await hashPassword(chosen);
  await insertOperator(unit, context, { email, name, role: "admin", passwordHash });
  return { email, password: chosen };
}

/** A machine client of the platform's own, by name: made the first time, and given a new secret every time. */
export async function ensureClient(
  unit: Unit,
  context: UsersContext,
  { name, scopes }: { name: string; scopes: readonly string[] },
): Promise<ProvisionedClient> {
  const clientSecret = newClientSecret();
  const { id } = await upsertProvisionedClient(unit, context, {
    name,
    scopes: [...scopes],
    secret_hash: hashClientSecret(clientSecret),
  });
  return { clientId: id, clientSecret };
}

/** What the command line on the platform's own machine signs in with: all that an admin may do. */
export function provisionLocalOperator(unit: Unit, context: UsersContext): Promise<ProvisionedClient> {
  return ensureClient(unit, context, { name: "Local command line", scopes: operatorScopes.admin });
}
