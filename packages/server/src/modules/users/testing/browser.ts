import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { newPkce, password as usualPassword } from "./oauth.ts";

/**
 * A browser without scripts: it keeps cookies by path and follows redirects inside the platform. Each request forges
 * another X-Forwarded-For, which no limit may believe.
 */
export class Browser {
  readonly #app: FastifyInstance;
  readonly #publicUrl: string;
  readonly #address: string;
  readonly #cookies = new Map<string, { value: string; path: string }>();
  #requests = 0;

  constructor(app: FastifyInstance, publicUrl: string, address = "192.0.2.7") {
    this.#app = app;
    this.#publicUrl = publicUrl;
    this.#address = address;
  }

  cookie(name: string): string | undefined {
    return [...this.#cookies].find(([key]) => key.startsWith(`${name};`))?.[1].value;
  }

  /** Follows redirects until a page is shown or the way leads out of the provider. */
  async open(url: string): Promise<Visit> {
    return this.#follow(await this.#ask("GET", url), url);
  }

  /** Sends the page's form, with these fields filled in or these buttons pressed. */
  async submit(visit: Visit, fields: Record<string, string>): Promise<Visit> {
    const form = formOf(visit.body);
    const payload = new URLSearchParams({ ...form.fields, ...fields }).toString();
    return this.#follow(await this.#ask("POST", form.action, payload), form.action);
  }

  /** Answers the sign-in page. */
  signIn(visit: Visit, email: string, password = usualPassword): Promise<Visit> {
    return this.submit(visit, { email, password });
  }

  async #follow(response: LightMyRequestResponse, url: string): Promise<Visit> {
    const { location } = response.headers;
    if (typeof location !== "string") return { url, body: response.body, response };
    if (response.statusCode !== 303) throw new Error(`A redirect with status ${response.statusCode}`);
    const next = new URL(location, this.#publicUrl);
    const inside = next.origin === new URL(this.#publicUrl).origin && next.pathname.startsWith("/oauth/");
    return inside
      ? this.open(next.pathname + next.search)
      : { url: next.href, body: response.body, response };
  }

  async #ask(method: "GET" | "POST", url: string, payload?: string): Promise<LightMyRequestResponse> {
    const { pathname, search } = new URL(url, this.#publicUrl);
    const cookies = [...this.#cookies]
      .filter(([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, "/")))
      .map(([key, { value }]) => `${key.split(";", 1)[0]}=${value}`);
    this.#requests += 1;
    const response = await this.#app.inject({
      method,
      url: pathname + search,
      remoteAddress: this.#address,
      headers: {
        accept: "text/html",
        "x-forwarded-for": `203.0.113.${this.#requests}`,
        cookie: cookies.join("; "),
        ...(payload === undefined
          ? {}
          : {
              "content-type": "application/x-www-form-urlencoded",
              origin: "null",
              "sec-fetch-site": "same-origin",
            }),
      },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value, path = "/", expires } of response.cookies) {
      const key = `${name};${path}`;
      if (expires !== undefined && expires.getTime() < Date.now()) this.#cookies.delete(key);
      else this.#cookies.set(key, { value, path });
    }
    return response;
  }
}

export interface Visit {
  /** Where the browser is: of a page, its path; of a way out, the whole URL. */
  url: string;
  body: string;
  response: LightMyRequestResponse;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  scope: string;
  token_type: string;
  expires_in: number;
}

export interface CodeRequest {
  url: string;
  verifier: string;
  redirectUri: string;
}

/** The player's authorization request; `changes` replaces parameters, `undefined` leaves one out. */
export function playerRequest(
  publicUrl: string,
  changes: Record<string, string | undefined> = {},
): CodeRequest {
  const { verifier, challenge } = newPkce();
  const redirectUri = `${publicUrl}/callback`;
  const parameters = {
    client_id: "flix-player",
    response_type: "code",
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: "S256",
    state: "s-1",
    ...changes,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  return { url: `/oauth/auth?${query}`, verifier, redirectUri };
}

export function codeOf({ url }: Visit): string {
  const code = new URL(url, "http://unknown.invalid").searchParams.get("code");
  if (code === null) throw new Error(`No code came back: ${url}`);
  return code;
}

/** A POST to the token endpoint, or another one of the provider's. */
export function post(
  app: FastifyInstance,
  fields: Record<string, string>,
  { path = "/oauth/token", headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: "POST",
    url: path,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
}

export function exchange(
  app: FastifyInstance,
  code: string,
  { verifier, redirectUri }: CodeRequest,
  clientId = "flix-player",
): Promise<LightMyRequestResponse> {
  return post(app, {
    grant_type: "authorization_code",
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
}

export function refresh(
  app: FastifyInstance,
  token: string,
  clientId = "flix-player",
): Promise<LightMyRequestResponse> {
  return post(app, { grant_type: "refresh_token", client_id: clientId, refresh_token: token });
}

/** The whole way of the player: sign-in page, code, tokens. */
export async function signInPlayer(
  { app, kernel }: { app: FastifyInstance; kernel: { publicUrl: string } },
  email: string,
  browser = new Browser(app, kernel.publicUrl),
): Promise<Tokens> {
  const request = playerRequest(kernel.publicUrl);
  const landed = await browser.signIn(await browser.open(request.url), email);
  return (await exchange(app, codeOf(landed), request)).json();
}

function formOf(markup: string): { action: string; fields: Record<string, string> } {
  const action = /<form method="post" action="([^"]+)"/.exec(markup)?.[1];
  if (action === undefined) throw new Error(`No form on the page: ${markup.slice(0, 2_000)}`);
  const inputs = markup.matchAll(/<input\s[^>]*?name="(\w+)"[^>]*?value="([^"]*)"/g);
  return {
    action,
    fields: Object.fromEntries([...inputs].map(([, name = "", value = ""]) => [name, value])),
  };
}
