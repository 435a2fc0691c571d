import type { TokenContext, TokenProvider } from "./client.ts";
import { FlixError } from "./errors.ts";
import { requestTokens, type Tokens } from "./oauth.ts";

/** Signs a machine client in by its secret (RFC 6749, section 4.4), and again shortly before its token expires. */
export function clientCredentials({ clientId, clientSecret, scopes }: ClientCredentials): TokenProvider {
  let tokens: Tokens | undefined;
  const renew = singleFlight(async ({ server, fetch, clock }: TokenContext) => {
    const form = { grant_type: "client_credentials", scope: scopes?.join(" ") };
    tokens = await requestTokens({ server, fetch, clock, clientId, clientSecret }, form, { maxRetries: 3 });
    return tokens;
  });
  return async (context) => (isUsable(tokens, context) ? tokens : await renew(context)).accessToken;
}

/**
 * Keeps a person signed in by their refresh token. Each refresh answers a new refresh token and ends the one before; whoever uses an
 * ended one loses the whole sign-in. So tokens are written to the store before anything is done with them, many calls share one
 * refresh, and no refresh is repeated on its own after a lost answer. Where other tabs or processes share the store, give it a `lock`.
 */
export function refreshTokens({ clientId, store }: RefreshTokens): TokenProvider {
  let tokens: Tokens | undefined;
  const renew = singleFlight((context: TokenContext) =>
    (store.lock ?? runUnlocked)(async () => {
      // Another tab or process may have refreshed meanwhile: its tokens are the ones that are valid now.
      tokens = await store.read();
      if (isUsable(tokens, context)) return tokens;
      tokens = await refresh(clientId, tokens, context);
      await store.write(tokens);
      return tokens;
    }),
  );
  return async (context) => (isUsable(tokens, context) ? tokens : await renew(context)).accessToken;
}

export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
  /** All that the client has, when left out. */
  scopes?: string[];
}

export interface RefreshTokens {
  clientId: string;
  store: TokenStore;
}

/** Where a sign-in is kept: a file, the browser's storage, memory. */
export interface TokenStore {
  read(): Tokens | undefined | Promise<Tokens | undefined>;
  write(tokens: Tokens): void | Promise<void>;
  /** Runs one at a time among all who share the store; in a browser `(run) => navigator.locks.request("flix", run)`. */
  lock?<T>(run: () => Promise<T>): Promise<T>;
}

/** A token that ends within this time is not used any more: the request has to arrive with it. */
const marginMs = 10_000;

function isUsable(tokens: Tokens | undefined, { clock, rejectedToken }: TokenContext): tokens is Tokens {
  return (
    tokens !== undefined && tokens.accessToken !== rejectedToken && tokens.expiresAt - marginMs > clock.now()
  );
}

async function refresh(
  clientId: string,
  tokens: Tokens | undefined,
  { server, fetch, clock }: TokenContext,
): Promise<Tokens> {
  if (!tokens?.refreshToken) {
    throw new FlixError("signed_out", "Nobody is signed in", { detail: "Sign in, then try again" });
  }
  const form = { grant_type: "refresh_token", refresh_token: tokens.refreshToken };
  const renewed = await requestTokens({ server, fetch, clock, clientId }, form, { maxRetries: 0 });
  // A server that does not rotate answers no new one.
  return { ...renewed, refreshToken: renewed.refreshToken ?? tokens.refreshToken };
}

/** Calls that come while one is at work share its outcome. */
function singleFlight<A, T>(run: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  let flight: Promise<T> | undefined;
  return (argument) => {
    flight ??= run(argument).finally(() => {
      flight = undefined;
    });
    return flight;
  };
}

function runUnlocked<T>(run: () => Promise<T>): Promise<T> {
  return run();
}
