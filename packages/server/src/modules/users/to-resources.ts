import type { components } from "@flix/openapi";
import { etagOf } from "../../kernel/etags.ts";
import { hasScope, type Principal } from "../../kernel/security.ts";
import { avatars } from "./profile-rules.ts";
import type { AccountRow } from "./store/accounts.ts";
import type { ClientRow } from "./store/clients.ts";
import type { OperatorRow } from "./store/operators.ts";
import type { ProfileRow } from "./store/profiles.ts";

type Schemas = components["schemas"];

export function toAccount(row: AccountRow, reader: Principal): Schemas["Account"] {
  const { id, email, name, country, language, state, suspended_at, suspension_reason } = row;
  const isStaff = hasScope(reader, "users:read") || hasScope(reader, "users:write");
  return {
    id,
    email,
    name,
    country,
    language,
    state,
    ...(suspended_at === null ? {} : { suspended_at: suspended_at.toISOString() }),
    ...(suspension_reason === null || !isStaff ? {} : { suspension_reason }),
    ...stampsOf(row),
  };
}

export function toProfile(row: ProfileRow): Schemas["Profile"] {
  const { id, account_id, name, language, maturity_limit, is_child } = row;
  const avatar = avatars.find((known) => known === row.avatar) ?? avatars[0];
  return { id, account_id, name, avatar, language, maturity_limit, is_child, ...stampsOf(row) };
}

export function toOperator(row: OperatorRow): Schemas["Operator"] {
  const { id, email, name, role, state } = row;
  return { id, email, name, role, state, ...stampsOf(row) };
}

export function toClient({ id, name, scopes, created_at }: ClientRow): Schemas["Client"] {
  return { id, name, scopes: clientScopesOf(scopes), created_at: created_at.toISOString() };
}

/** What is stored was checked when it was written; a scope that the contract has dropped since is not shown. */
export function clientScopesOf(scopes: readonly string[]): Schemas["ClientScope"][] {
  return scopes.filter(isClientScope);
}

function isClientScope(scope: string): scope is Schemas["ClientScope"] {
  return clientScopes.has(scope);
}

const clientScopes: ReadonlySet<string> = new Set<Schemas["ClientScope"]>([
  "catalog:read",
  "catalog:write",
  "media:read",
  "media:write",
  "users:read",
  "users:write",
  "operators:write",
  "billing:read",
  "billing:write",
  "analytics:read",
  "ops:read",
]);

function stampsOf({
  version,
  created_at,
  updated_at,
}: {
  version: number;
  created_at: Date;
  updated_at: Date;
}) {
  return {
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
    etag: etagOf(version),
  };
}
