import { operatorScopes, viewerScopes, type OperatorRole } from "../../kernel/security.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { UsersContext } from "./context.ts";
import { findAccount } from "./store/accounts.ts";
import { findOperator } from "./store/operators.ts";

/** Whom a token of a person stands for, as the person is now. */
export type Holder =
  | {
      kind: "account";
      id: string;
      state: "active" | "suspended";
      country: string;
      scopes: readonly string[];
    }
  | {
      kind: "operator";
      id: string;
      state: "active" | "suspended";
      role: OperatorRole;
      scopes: readonly string[];
    };

/** The id's prefix tells the kind; anything else is nobody. */
export async function findHolder(unit: Unit, context: UsersContext, id: string): Promise<Holder | undefined> {
  if (id.startsWith("acc_")) {
    const account = await findAccount(unit, context, id);
    if (!account) return undefined;
    const { state, country } = account;
    return { kind: "account", id, state, country, scopes: viewerScopes };
  }
  if (!id.startsWith("opr_")) return undefined;
  const operator = await findOperator(unit, context, id);
  if (!operator) return undefined;
  const { state, role } = operator;
  return { kind: "operator", id, state, role, scopes: operatorScopes[role] };
}
