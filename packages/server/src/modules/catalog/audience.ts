import { hasScope, type Principal } from "../../kernel/security.ts";
import type { Viewpoint } from "./availability.ts";
import type { CatalogContext } from "./context.ts";

/** Whose eyes the catalog is shown to. */
export type Audience = { sees: "everything" } | ({ sees: "what is visible" } & Viewpoint);

/** Editors see every state; viewers what may be watched where their account is; others with `catalog:read`, anywhere. */
export function audienceOf(principal: Principal, { clock }: Pick<CatalogContext, "clock">): Audience {
  if (hasScope(principal, "catalog:write")) return { sees: "everything" };
  const territory = principal.kind === "account" ? principal.country : undefined;
  return { sees: "what is visible", territory, at: clock.now() };
}

/**
 * Viewers of one territory are answered alike, and an answer is as good until a change or the end of its minute: windows open
 * and close by the minute. Editors want to see what they have just done, from whichever process.
 */
export function cacheKeyOf(principal: Principal): string | undefined {
  if (hasScope(principal, "catalog:write")) return undefined;
  return principal.kind === "account" ? principal.country : "anywhere";
}
