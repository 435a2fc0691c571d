import type { FastifyReply, FastifyRequest } from "fastify";
import type { ContractOperation } from "./contract.ts";
import { FlixError } from "./errors.ts";
import { limitHeaders, type RateLimit, type RateLimits, type Spent } from "./rate-limits.ts";
import { anonymous, principalKey, requireAccess, type Principal, type RememberedTokens } from "./security.ts";

export interface AdmissionOptions {
  tokens: RememberedTokens;
  rateLimits: RateLimits;
  /** A caller's own limit, and that of an address without a token. */
  limits: { principal: RateLimit; anonymous: RateLimit };
}

declare module "fastify" {
  interface FastifyRequest {
    principal: Principal;
  }
}

/**
 * Before the body is read: who asks, is it allowed, and not too often. It is done at once for a token that was verified
 * moments ago while the limit can be counted here, and a promise otherwise.
 */
export function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { access }: ContractOperation,
  { tokens, rateLimits, limits }: AdmissionOptions,
): void | Promise<void> {
  refuseEncoding(request);
  const enter = (principal: Principal) => {
    request.principal = principal;
    const [key, limit] =
      principal.kind === "anonymous"
        ? [`ip:${request.ip}`, limits.anonymous]
        : [principalKey(principal), limits.principal];
    const pass = (spent: Spent) => {
      reply.headers(limitHeaders(limit, spent));
      requireAccess(principal, access);
    };
    const spent = rateLimits.spend(key, limit);
    return spent instanceof Promise ? spent.then(pass) : pass(spent);
  };
  // An operation that takes no access token leaves the header to its handler.
  const authorization = access.scopeSets.length === 0 ? undefined : request.headers.authorization;
  if (authorization === undefined) return enter(anonymous);
  const known = tokens.recall(authorization);
  if (known !== undefined) return enter(known);
  return tokens.verify(authorization).then(enter, async (error: unknown) => {
    // A bad token costs its address, not the account that it names.
    await rateLimits.spend(`ip:${request.ip}`, limits.anonymous);
    throw error;
  });
}

/** Nothing is decompressed, so a small body cannot become a large one (RFC 9110 section 15.5.16). */
function refuseEncoding({ headers: { "content-encoding": encoding = "identity" } }: FastifyRequest): void {
  if (encoding.toLowerCase() === "identity") return;
  throw new FlixError("unsupported_media_type", {
    detail: "Send the body without Content-Encoding.",
    headers: { "accept-encoding": "identity" },
  });
}
