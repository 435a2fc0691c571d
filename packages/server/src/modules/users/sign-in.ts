import type { Units } from "../../kernel/unit.ts";
import type { UsersContext } from "./context.ts";
import { isHashable, verifyPassword } from "./password.ts";
import { findAccountByEmail } from "./store/accounts.ts";
import { findOperatorByEmail } from "./store/operators.ts";

export interface SignInAttempt {
  email: string;
  password: string;
  /** Where the attempt comes from, past trusted proxies. */
  address: string;
  /** Whom the application is for: operators' tools let viewers in as well. */
  audience: "viewers" | "operators";
}

export type SignInResult =
  | { outcome: "signed_in"; holderId: string }
  | { outcome: "refused" }
  | { outcome: "suspended" }
  | { outcome: "malformed" };

interface Candidate {
  id: string;
  state: "active" | "suspended";
  password_hash: string | null;
}

/**
 * Tells who signs in; throws `rate_limited`. Every attempt of an audience costs the same number of hashes, whether the
 * address is known or not, and only who knows the password learns that the account is suspended.
 */
export async function signIn(
  units: Units,
  context: UsersContext,
  { email, password, address, audience }: SignInAttempt,
): Promise<SignInResult> {
  if (email === "" || email.length > 254 || email.includes("\0") || !isHashable(password)) {
    return { outcome: "malformed" };
  }
  await context.passwords.admit({ name: email, address });
  const unit = units.read();
  const candidates: (Candidate | undefined)[] = [await findAccountByEmail(unit, context, email)];
  // An operator who also watches signs in to the operators' tools as an operator.
  if (audience === "operators") candidates.unshift(await findOperatorByEmail(unit, context, email));
  const matches = await Promise.all(
    candidates.map((candidate) => verifyPassword(password, candidate?.password_hash)),
  );
  const found = candidates.find((_candidate, index) => matches[index] === true);
  if (!found) return { outcome: "refused" };
  return found.state === "active" ? { outcome: "signed_in", holderId: found.id } : { outcome: "suspended" };
}
