import { sha256, toBase64Url } from "./digest.ts";
import { FlixError } from "./errors.ts";
import { oauthUrl, apiOf, postForm, readOauthAnswer, requestTokens, transportOf } from "./oauth.ts";
import type { OauthOptions, Tokens } from "./oauth.ts";
import { sendWithRetries } from "./transport.ts";

/**
 * Begins a sign-in in the browser: authorization code with PKCE (RFC 7636). Keep `state` and `verifier` where the page at
 * `redirectUri` finds them (session storage), then send the person to `url`.
 */
export async function startSignIn(options: SignInOptions): Promise<StartedSignIn> {
  const verifier = randomText();
  const state = randomText();
  const challenge = toBase64Url(await sha256(new TextEncoder().encode(verifier)));
  const url = new URL(oauthUrl(options.server, "auth"));
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: options.clientId,
    redirect_uri: options.redirectUri,
    ...(options.scopes && { scope: options.scopes.join(" ") }),
    resource: apiOf(options.server),
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  }).toString();
  return { url: url.href, state, verifier };
}

/** Ends it, on the page that the person came back to: `callbackUrl` is that page's whole address. */
export async function finishSignIn(options: FinishSignInOptions): Promise<Tokens> {
  const answer = new URL(options.callbackUrl).searchParams;
  const error = answer.get("error");
  if (answer.get("state") !== options.state) {
    const detail = "The answer belongs to another sign-in; begin again";
    throw new FlixError("state_mismatch", "The sign-in cannot be finished", { detail });
  }
  if (error) throw new FlixError(error, answer.get("error_description") ?? error);
  const form = {
    grant_type: "authorization_code",
    code: answer.get("code") ?? "",
    redirect_uri: options.redirectUri,
    code_verifier: options.verifier,
  };
  // A code works once: a repeat after a lost answer would revoke what it gave.
  return requestTokens(options, form, { maxRetries: 0 });
}

/** Ends a sign-in for good (RFC 7009): the refresh token, and all that came of it, is of no more use. */
export async function signOut({ refreshToken, ...options }: SignOutOptions): Promise<void> {
  const discovery = new Request(oauthUrl(options.server, ".well-known/openid-configuration"));
  const limits = { timeoutMs: 30_000, maxRetries: 3 };
  const found = await readOauthAnswer(await sendWithRetries(discovery, limits, transportOf(options)));
  const url = revocationEndpoint(found);
  if (url) await postForm(url, options, { token: refreshToken, token_type_hint: "refresh_token" }, 3);
}

export interface SignInOptions extends OauthOptions {
  redirectUri: string;
  /** All that the application may ask for, when left out. */
  scopes?: string[];
}

export interface StartedSignIn {
  url: string;
  state: string;
  verifier: string;
}

export interface FinishSignInOptions extends OauthOptions {
  redirectUri: string;
  callbackUrl: string;
  state: string;
  verifier: string;
}

export interface SignOutOptions extends OauthOptions {
  refreshToken: string;
}

function randomText(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function revocationEndpoint(found: unknown): URL | undefined {
  const known = typeof found === "object" && found !== null && "revocation_endpoint" in found;
  return known && typeof found.revocation_endpoint === "string"
    ? new URL(found.revocation_endpoint)
    : undefined;
}
