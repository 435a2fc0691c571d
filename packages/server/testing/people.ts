import { operatorScopes } from "../src/kernel/security.ts";
import type {
  AccountPrincipal,
  ClientPrincipal,
  OperatorPrincipal,
  OperatorRole,
} from "../src/kernel/security.ts";

const tokenExpiresAt = new Date("2100-01-01T00:00:00.000Z");

/** A signed-in viewer. */
export function viewer(id: string, country = "US"): AccountPrincipal {
  return {
    kind: "account",
    id,
    country,
    scopes: new Set(["account", "playback", "catalog:read"]),
    tokenExpiresAt,
  };
}

/** A signed-in operator with all that the role may do. */
export function operator(
  role: OperatorRole = "admin",
  id = "opr_01k9v3c4x5e6f7g8h9j0kmnpqr",
): OperatorPrincipal {
  return { kind: "operator", id, role, scopes: new Set(operatorScopes[role]), tokenExpiresAt };
}

export function machineClient(scopes: string[], id = "cli_01k9v3c4x5e6f7g8h9j0kmnpqr"): ClientPrincipal {
  return { kind: "client", id, scopes: new Set(scopes), tokenExpiresAt };
}
