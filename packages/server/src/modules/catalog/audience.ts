import { hasScope, type Principal } from "../../kernel/security.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Viewpoint } from "./availability.ts";
import type { CatalogContext } from "./context.ts";

/** Whose eyes the catalog is shown to. */
export type Audience = { sees: "everything" } | ({ sees: "what is visible" } & Viewpoint);

/** Editors see every state; viewers what may be watched where their account is; others with `catalog:read`, anywhere. */
export async function audienceOf(
  principal: Principal,
  unit: Unit,
  { users, clock }: CatalogContext,
): Promise<Audience> {
  if (hasScope(principal, "catalog:write")) return { sees: "everything" };
  const viewer = principal.kind === "account" ? await users.getViewer(unit, principal.id) : undefined;
  // An account that is gone while its token lives sees what is open to the whole world only: ZZ is nobody's country.
  const territory = principal.kind === "account" ? (viewer?.country ?? "ZZ") : undefined;
  return { sees: "what is visible", territory, at: clock.now() };
}
