import { randomBytes } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import type { TestClient } from "../../../testing/platform.ts";
import { operatorScopes, viewerScopes, type OperatorRole } from "../../kernel/security.ts";
import { Browser, codeOf, exchange, playerRequest, post } from "../../modules/users/testing/browser.ts";
import type { WholePlatform } from "./whole-platform.ts";

export const password = "correct horse battery staple";

/** Somebody with a real access token; nobody has none. */
export interface Person {
  kind: "nobody" | "account" | "operator" | "client";
  id: string;
  scopes: readonly string[];
  token?: string;
  refreshToken?: string;
  clientSecret?: string;
}

export const nobody: Person = { kind: "nobody", id: "", scopes: [] };

/** Asks as a person, with its real token. */
export function as({ app }: WholePlatform, { token }: Person): TestClient {
  const ask =
    (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"): TestClient["get"] =>
    (url, { body, raw, headers = {} } = {}) => {
      const payload = raw ?? (body === undefined ? undefined : Object(body));
      const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return app.inject({
        method,
        url,
        headers: { ...authorization, ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
    };
  return { get: ask("GET"), post: ask("POST"), put: ask("PUT"), patch: ask("PATCH"), delete: ask("DELETE") };
}

/** The machine client behind `flix up`: it may do all that an admin may. */
export async function provisionRoot(platform: WholePlatform): Promise<Person> {
  const { clientId, clientSecret } = await platform.provision();
  return signInClient(platform, { clientId, clientSecret, scopes: operatorScopes.admin });
}

export async function addClient(
  platform: WholePlatform,
  root: Person,
  scopes: readonly string[],
): Promise<Person> {
  const made = succeeded<{ client_id: string; client_secret: string }>(
    await as(platform, root).post("/v1/clients", { body: { name: "Nightly", scopes } }),
  );
  return signInClient(platform, { clientId: made.client_id, clientSecret: made.client_secret, scopes });
}

async function signInClient(
  { app }: WholePlatform,
  { clientId, clientSecret, scopes }: { clientId: string; clientSecret: string; scopes: readonly string[] },
): Promise<Person> {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  const headers = { authorization: `Basic ${credentials}` };
  const answer = await post(app, { grant_type: "client_credentials" }, { headers });
  const { access_token: token } = succeeded<{ access_token: string }>(answer);
  return { kind: "client", id: clientId, scopes, token, clientSecret };
}

/** Signs up as anybody may, and signs in through the player's pages. */
export async function addViewer(platform: WholePlatform, secret = password): Promise<Person> {
  const email = newEmail();
  const body = { email, password: secret, name: "Ada Lovelace", country: "GB" };
  const { id } = succeeded<{ id: string }>(await as(platform, nobody).post("/v1/accounts", { body }));
  const tokens = await signIn(platform, email, { secret });
  return { kind: "account", id, scopes: viewerScopes, ...tokens };
}

/** An operator, signed in as the command line does. */
export async function addOperator(
  platform: WholePlatform,
  root: Person,
  role: OperatorRole,
): Promise<Person> {
  const email = newEmail();
  const body = { email, password, name: "Grace Hopper", role };
  const { id } = succeeded<{ id: string }>(await as(platform, root).post("/v1/operators", { body }));
  const tokens = await signIn(platform, email, {
    clientId: "flix-cli",
    redirectUri: "http://127.0.0.1:49152/callback",
  });
  return { kind: "operator", id, scopes: operatorScopes[role], ...tokens };
}

async function signIn(
  { app, kernel: { publicUrl } }: WholePlatform,
  email: string,
  {
    secret = password,
    clientId = "flix-player",
    redirectUri = `${publicUrl}/callback`,
  }: { secret?: string; clientId?: string; redirectUri?: string },
): Promise<{ token: string; refreshToken: string }> {
  const request = playerRequest(publicUrl, { client_id: clientId, redirect_uri: redirectUri });
  const browser = new Browser(app, publicUrl);
  const landed = await browser.signIn(await browser.open(request.url), email, secret);
  const answer = await exchange(app, codeOf(landed), { ...request, redirectUri }, clientId);
  const tokens = succeeded<{ access_token: string; refresh_token: string }>(answer);
  return { token: tokens.access_token, refreshToken: tokens.refresh_token };
}

export function newEmail(): string {
  return `${randomBytes(6).toString("hex")}@example.org`;
}

/** The body of an answer that must be a success. */
export function succeeded<Body = { id: string }>(answer: LightMyRequestResponse): Body {
  if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`);
  return answer.json<Body>();
}
