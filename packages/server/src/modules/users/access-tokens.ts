import { importJWK, jwtVerify, type JWTPayload } from "jose";
import type { Clock } from "../../kernel/clock.ts";
import { FlixError } from "../../kernel/errors.ts";
import type { Unit, Units } from "../../kernel/unit.ts";
import { unauthorized, type VerifyAccessToken } from "../../kernel/security.ts";
import type { UsersContext } from "./context.ts";
import { findHolder } from "./holders.ts";
import type { Seal } from "../../kernel/sealing.ts";
import type { SigningKey } from "./signing-key.ts";
import { findClient } from "./store/clients.ts";
import { isGrantAlive } from "./store/oauth-records.ts";

type Person = Awaited<ReturnType<VerifyAccessToken>>;

export interface VerifierOptions {
  units: Units;
  clock: Clock;
  context: UsersContext;
  seal: Seal;
  issuer: string;
  audience: string;
  signingKey: () => Promise<SigningKey>;
}

/**
 * Checks an access token by RFC 9068 section 4 against our own key only: whatever key the header points to or brings
 * along (`jku`, `x5u`, `jwk`) is never looked at. What the token's holder may do is read anew, so that a suspension, a
 * new role or a revoked grant counts at the next look.
 */
export function createVerifier(options: VerifierOptions): VerifyAccessToken {
  const { units, context, seal } = options;
  return async (token) => {
    const claims = await readClaims(token, options);
    const unit = units.read();
    return claims.kind === "client"
      ? verifyClient(unit, context, claims)
      : verifyPerson(unit, context, seal, claims);
  };
}

interface Claims {
  kind: "person" | "client";
  sub: string;
  scopes: string[];
  grantId: string | undefined;
  tokenExpiresAt: Date;
}

async function readClaims(
  token: string,
  { clock, issuer, audience, signingKey }: VerifierOptions,
): Promise<Claims> {
  const { kid, publicJwk } = await signingKey();
  const { payload } = await jwtVerify(
    token,
    (header) => {
      if (header.kid !== undefined && header.kid !== kid)
        throw new Error("The token was signed by another key");
      return importJWK(publicJwk, "ES256");
    },
    {
      algorithms: ["ES256"],
      typ: "at+jwt",
      issuer,
      audience,
      currentDate: clock.now(),
      requiredClaims: ["exp", "iat", "sub", "jti", "client_id"],
    },
  ).catch((error: unknown) => {
    throw unauthorized("Sign in again, or refresh the token.", error);
  });
  return toClaims(payload);
}

function toClaims({ sub = "", exp = 0, scope, kind, grant_id }: JWTPayload): Claims {
  return {
    kind: kind === "client" ? "client" : "person",
    sub,
    scopes: typeof scope === "string" && scope !== "" ? scope.split(" ") : [],
    grantId: typeof grant_id === "string" ? grant_id : undefined,
    tokenExpiresAt: new Date(exp * 1000),
  };
}

async function verifyPerson(
  unit: Unit,
  context: UsersContext,
  seal: Seal,
  { sub, scopes, grantId, tokenExpiresAt }: Claims,
): Promise<Person> {
  const holder = await findHolder(unit, context, sub);
  if (holder?.kind === "account" && holder.state === "suspended") throw new FlixError("account_suspended");
  if (holder?.state !== "active") throw unauthorized("The token's holder may not sign in any more.");
  if (grantId === undefined || !(await isGrantAlive(unit, context, seal.hash(grantId)))) {
    throw unauthorized("This sign-in was ended; sign in again.");
  }
  const allowed = new Set(scopes.filter((scope) => holder.scopes.includes(scope)));
  const { id } = holder;
  return holder.kind === "operator"
    ? { kind: "operator", id, role: holder.role, scopes: allowed, tokenExpiresAt }
    : { kind: "account", id, country: holder.country, scopes: allowed, tokenExpiresAt };
}

async function verifyClient(
  unit: Unit,
  context: UsersContext,
  { sub, scopes, tokenExpiresAt }: Claims,
): Promise<Person> {
  const client = await findClient(unit, context, sub);
  if (!client) throw unauthorized("The token's client was deleted.");
  const allowed = new Set(scopes.filter((scope) => client.scopes.includes(scope)));
  return { kind: "client", id: client.id, scopes: allowed, tokenExpiresAt };
}
