import { FlixError } from "../../kernel/errors.ts";
import { hasScope, type Principal } from "../../kernel/security.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { UsersContext } from "./context.ts";
import { lockAccount } from "./store/accounts.ts";
import { findProfile, lockProfile, type ProfileRow } from "./store/profiles.ts";

type Missing = "account_not_found" | "profile_not_found";

/** Lets an account and staff that may read users at it; others learn no more than about an id that does not exist. */
export function requireAccountReader(
  principal: Principal,
  accountId: string,
  missing: Missing = "account_not_found",
): void {
  const isStaff = hasScope(principal, "users:read") || hasScope(principal, "users:write");
  if (!isStaff && !isOwner(principal, accountId)) throw new FlixError(missing);
}

export function requireAccountWriter(
  principal: Principal,
  accountId: string,
  missing: Missing = "account_not_found",
): void {
  if (!hasScope(principal, "users:write") && !isOwner(principal, accountId)) throw new FlixError(missing);
}

/** A profile that the caller may see. */
export async function readProfile(
  unit: Unit,
  context: UsersContext,
  principal: Principal,
  profileId: string,
): Promise<ProfileRow> {
  const profile = await findProfile(unit, context, profileId);
  if (!profile) throw new FlixError("profile_not_found");
  requireAccountReader(principal, profile.account_id, "profile_not_found");
  return profile;
}

/** A profile that the caller may change, held together with its account, whose profiles are counted. */
export async function holdProfile(
  unit: Unit,
  context: UsersContext,
  principal: Principal,
  profileId: string,
): Promise<ProfileRow> {
  const profile = await findProfile(unit, context, profileId);
  if (!profile) throw new FlixError("profile_not_found");
  requireAccountWriter(principal, profile.account_id, "profile_not_found");
  await lockAccount(unit, context, profile.account_id);
  return lockProfile(unit, context, profileId);
}

function isOwner(principal: Principal, accountId: string): boolean {
  return principal.kind === "account" && principal.id === accountId;
}
