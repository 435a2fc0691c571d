import type { ClientOptions } from "./client.ts";
import { systemClock } from "./clock.ts";
import { errorOfResponse, FlixError, unexpectedResponse } from "./errors.ts";
import { sendWithRetries, type Transport } from "./transport.ts";

/** What a sign-in gave. Keep it as secret as a password: the refresh token opens the account until it is revoked. */
export interface Tokens {
  accessToken: string;
  refreshToken?: string;
  idToken?: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  scopes: string[];
}

/** Who asks, and where. `fetch` and `clock` are the platform's own by default. */
export interface OauthOptions extends Pick<ClientOptions, "server" | "fetch" | "clock"> {
  clientId: string;
  /** Of a machine client; sent as HTTP Basic (RFC 6749, section 2.3.1). */
  clientSecret?: string;
  signal?: AbortSignal;
}

export type Form = Record<string, string | undefined>;

/**
 * Asks the token endpoint (RFC 6749, section 3.2). `resource` (RFC 8707) makes the access token a JWT for this platform's API.
 * Throws a `FlixError` whose code is OAuth's: `invalid_grant`, `invalid_client`, `authorization_pending`...
 */
export async function requestTokens(
  options: OauthOptions,
  form: Form,
  { maxRetries }: { maxRetries: number },
): Promise<Tokens> {
  const url = new URL(oauthUrl(options.server, "token"));
  const body = await postForm(url, options, { ...form, resource: apiOf(options.server) }, maxRetries);
  if (!isTokenBody(body)) throw unexpectedResponse("no access token", { body });
  const lifetimeMs = (body.expires_in ?? 60) * 1000;
  return {
    accessToken: body.access_token,
    ...(body.refresh_token && { refreshToken: body.refresh_token }),
    ...(body.id_token && { idToken: body.id_token }),
    expiresAt: (options.clock ?? systemClock).now() + lifetimeMs,
    scopes: body.scope?.split(" ") ?? [],
  };
}

export async function postForm(url: URL, options: OauthOptions, form: Form, maxRetries: number) {
  const { clientId, clientSecret, signal } = options;
  const filled = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const body = new URLSearchParams(filled);
  const headers = new Headers();
  if (clientSecret === undefined) body.set("client_id", clientId);
  else headers.set("authorization", basicCredentials(clientId, clientSecret));
  const request = new Request(url, { method: "POST", body, headers, signal: signal ?? null });
  return readOauthAnswer(
    await sendWithRetries(request, { timeoutMs: 30_000, maxRetries }, transportOf(options)),
  );
}

export async function readOauthAnswer(response: Response): Promise<unknown> {
  const body = parseJson(await response.text());
  if (response.ok) return body;
  if (!isOauthProblem(body)) throw errorOfResponse(body, response);
  const { error, error_description: title = error } = body;
  throw new FlixError(error, title, { status: response.status, body });
}

export function transportOf({ fetch, clock }: Pick<OauthOptions, "fetch" | "clock">): Transport {
  return { fetch: fetch ?? ((request) => globalThis.fetch(request)), clock: clock ?? systemClock };
}

export function oauthUrl(server: string, path: string): string {
  return `${apiOf(server)}/oauth/${path}`;
}

/** The resource indicator of the platform's API: its address, without a slash at the end. */
export function apiOf(server: string): string {
  return server.replace(/\/+$/, "");
}

/** Both halves are form-encoded first (RFC 6749, section 2.3.1), so that a colon in them does no harm. */
function basicCredentials(clientId: string, clientSecret: string): string {
  return `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface TokenBody {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  expires_in?: number;
  scope?: string;
}

function isTokenBody(body: unknown): body is TokenBody {
  return typeof body === "object" && body !== null && "access_token" in body;
}

function isOauthProblem(body: unknown): body is { error: string; error_description?: string } {
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "string";
}
