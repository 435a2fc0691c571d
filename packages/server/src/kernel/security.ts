import type { Clock } from "./clock.ts";
import type { ContractOperation } from "./contract.ts";
import { FlixError } from "./errors.ts";

export type OperatorRole = "support" | "publisher" | "admin";

interface Authenticated {
  id: string;
  scopes: ReadonlySet<string>;
  tokenExpiresAt: Date;
}
export type AccountPrincipal = Authenticated & {
  kind: "account";
  /** Where the account is: ISO 3166-1 alpha-2. */
  country: string;
};
export type OperatorPrincipal = Authenticated & { kind: "operator"; role: OperatorRole };
export type ClientPrincipal = Authenticated & { kind: "client" };

/** Who asks. Scopes are those of the token, which was given no more than its holder may do. */
export type Principal = { kind: "anonymous" } | AccountPrincipal | OperatorPrincipal | ClientPrincipal;

/** Tells whose access token this is; throws `invalid_token`. The users module is the one implementation. */
export type VerifyAccessToken = (token: string) => Promise<AuthenticatedPrincipal>;
export type AuthenticatedPrincipal = Exclude<Principal, { kind: "anonymous" }>;

/** What each role may ask for; the contract describes the scopes. */
export const operatorScopes: Record<OperatorRole, readonly string[]> = {
  support: [
    "catalog:read",
    "media:read",
    "users:read",
    "users:write",
    "billing:read",
    "analytics:read",
    "ops:read",
  ],
  publisher: ["catalog:read", "catalog:write", "media:read", "media:write", "analytics:read", "ops:read"],
  admin: [
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
  ],
};

/** What a viewer's token carries. */
export const viewerScopes: readonly string[] = ["account", "playback", "catalog:read"];

export const anonymous: Principal = { kind: "anonymous" };

export function hasScope(principal: Principal, scope: string): boolean {
  return principal.kind !== "anonymous" && principal.scopes.has(scope);
}

/** Identifies a caller across requests, for limits and idempotency keys. */
export function principalKey(principal: Principal): string {
  return principal.kind === "anonymous" ? "anonymous" : `${principal.kind}:${principal.id}`;
}

/** The caller's account, where only a viewer can ask. */
export function requireAccount(principal: Principal): AccountPrincipal {
  if (principal.kind === "account") return principal;
  throw new FlixError("insufficient_scope", { detail: "Only a viewer's own token can do this." });
}

/** Checks who asks against the alternatives of the contract. */
export function requireAccess(
  principal: Principal,
  { anonymous: open, scopeSets }: ContractOperation["access"],
): void {
  if (open) return;
  if (principal.kind === "anonymous") throw unauthorized("Send an access token: Authorization: Bearer ...");
  if (scopeSets.some((scopes) => scopes.every((scope) => principal.scopes.has(scope)))) return;
  const needed = scopeSets.map((scopes) => scopes.join(" ")).join(" or ");
  throw new FlixError("insufficient_scope", {
    detail: `Needs ${needed}.`,
    // RFC 6750 section 3.1.
    headers: {
      "www-authenticate": `Bearer error="insufficient_scope", scope="${scopeSets[0]?.join(" ") ?? ""}"`,
    },
  });
}

export function unauthorized(detail: string, cause?: unknown): FlixError {
  return new FlixError("invalid_token", {
    detail,
    cause,
    headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  });
}

/** Reads `Authorization: Bearer`; anything else than a token is refused. */
function bearerToken(authorization: string): string {
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
  if (token === undefined) throw unauthorized("The Authorization header is not a bearer token.");
  return token;
}

const rememberedMs = 5_000;
const rememberedTokens = 10_000;

/** Authorization headers that were verified moments ago are known at once. */
export interface RememberedTokens {
  recall(authorization: string): AuthenticatedPrincipal | undefined;
  /** Verifies a header that is not remembered, and remembers it; throws `invalid_token`. */
  verify(authorization: string): Promise<AuthenticatedPrincipal>;
}

/**
 * Remembers verified tokens for 5 s: a signature check costs as much as a whole list request (ES256 342 us), and a
 * suspension must still bite within seconds. The header as it came is the key, which spares a hit its parsing and a hash;
 * what has passed is dropped as soon as something new comes.
 */
export function rememberTokens(verify: VerifyAccessToken, clock: Clock): RememberedTokens {
  const known = new Map<string, { principal: AuthenticatedPrincipal; until: number }>();
  return {
    recall(authorization) {
      const hit = known.get(authorization);
      return hit && hit.until > clock.now().getTime() ? hit.principal : undefined;
    },
    async verify(authorization) {
      const principal = await verify(bearerToken(authorization));
      const now = clock.now().getTime();
      known.delete(authorization);
      for (const [oldest, { until }] of known) {
        if (until > now && known.size < rememberedTokens) break;
        known.delete(oldest);
      }
      const until = Math.min(now + rememberedMs, principal.tokenExpiresAt.getTime());
      known.set(authorization, { principal, until });
      return principal;
    },
  };
}
