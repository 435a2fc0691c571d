import { FlixError } from "../../kernel/errors.ts";
import type { Principal } from "../../kernel/security.ts";

/**
 * Whether the caller may know what belongs to an account: a viewer its own; staff, whose scopes the contract has
 * checked by now, everybody's. To others it does not exist.
 */
export function mayAccess(principal: Principal, accountId: string): boolean {
  return principal.kind !== "account" || principal.id === accountId;
}

/** The account that a list is about: a viewer's own, whichever staff asks for, or all. */
export function listedAccount(principal: Principal, asked: string | undefined): string | undefined {
  if (principal.kind !== "account") return asked;
  if (asked !== undefined && asked !== principal.id) throw new FlixError("account_not_found");
  return principal.id;
}
