import type { components } from "@flix/openapi";
import { sql } from "kysely";
import type { InjectOptions } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Browser, codeOf, exchange, playerRequest, refresh } from "../modules/users/testing/browser.ts";
import { fillStock, subscribe } from "./testing/belongings.ts";
import {
  operations,
  requestOf,
  toInject,
  type ContractRequest,
  type Named,
} from "./testing/contract-requests.ts";
import { dump } from "./testing/fingerprints.ts";
import { addClient, as, newEmail, nobody, provisionRoot, succeeded, type Person } from "./testing/people.ts";
import { send, type SentRequest } from "./testing/send.ts";
import { textFields, withText } from "./testing/text-fields.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

type Schemas = components["schemas"];

const password = "canary-password-9f2b7c41";
const nextPassword = "canary-next-password-1d5e";
const metricsToken = "canary-metrics-token-77aa";
const paymentToken = "pm_canary_token_55cc31";

let platform: WholePlatform;
let root: Person;
let viewer: Person;
let named: Named;
/** What opens something, by its name: each was really used. */
let canaries: Record<string, string>;
let grantUrl: string;

beforeAll(async () => {
  platform = await startWholePlatform({ FLIX_METRICS_TOKEN: metricsToken });
  root = await provisionRoot(platform);
  const signedIn = await signIn();
  viewer = { kind: "account", id: signedIn.id, scopes: [], token: signedIn.access_token };
  const stock = await fillStock(platform, root);
  const owned = await subscribe(platform, viewer, stock);
  named = { ...stock, ...owned };
  const client = await addClient(platform, root, ["media:write"]);
  const keyed = await as(platform, root).post("/v1/clients", {
    body: { name: "Keyed", scopes: ["media:read"] },
    headers: { "idempotency-key": "canary-idempotency-key-2e" },
  });
  const device = { id: "tv-9", kind: "tv" };
  const play = { profile_id: owned.profile_id, title_id: stock.title_id, device };
  const session = succeeded<Schemas["PlaybackSession"]>(
    await as(platform, viewer).post("/v1/playback-sessions", {
      body: play,
      headers: { "idempotency-key": "play-1" },
    }),
  );
  grantUrl = session.media_base_url;
  const told = succeeded<Schemas["ExportedKeySet"]>(
    await as(platform, root).post(`/v1/key-sets/${stock.key_set_id}/export`, {}),
  );
  const contentKey = Buffer.from(told.keys[0]?.key ?? "", "hex");
  const license = await as(platform, viewer).post(`/v1/playback-sessions/${session.id}/license`, {
    body: { kids: [stock.kid] },
  });
  expect(license.body).toContain(contentKey.toString("base64url"));
  canaries = {
    password,
    nextPassword,
    metricsToken,
    paymentToken,
    code: signedIn.code,
    cookie: signedIn.cookie,
    accessToken: signedIn.access_token,
    refreshToken: signedIn.refresh_token,
    nextRefreshToken: signedIn.next,
    rootToken: root.token ?? "",
    clientSecret: client.clientSecret ?? "",
    keyedClientSecret: succeeded<{ client_secret: string }>(keyed).client_secret,
    idempotencyKey: "canary-idempotency-key-2e",
    mediaGrant: grantUrl.split("/")[2] ?? "",
    contentKey: contentKey.toString("hex"),
    contentKeyInCpix: contentKey.toString("base64"),
    contentKeyInLicense: contentKey.toString("base64url"),
  };
});
afterAll(() => platform?.close());

/** Signs up and in, changes the password, and refreshes: every secret of a viewer comes to be. */
async function signIn() {
  const { publicUrl } = platform.kernel;
  const email = newEmail();
  const body = { email, password, name: "Ada", country: "GB" };
  const { id } = succeeded(await as(platform, nobody).post("/v1/accounts", { body }));
  const browser = new Browser(platform.app, publicUrl);
  const change = { current_password: password, new_password: nextPassword };
  const first = await signInWith(browser, email, password);
  const own = as(platform, { ...nobody, token: first.tokens.access_token });
  expect((await own.post(`/v1/accounts/${id}/password`, { body: change })).statusCode).toBe(204);
  const { code, tokens } = await signInWith(new Browser(platform.app, publicUrl), email, nextPassword);
  const renewed = (await refresh(platform.app, tokens.refresh_token)).json();
  return {
    ...tokens,
    id,
    code,
    cookie: browser.cookie("flix_session") ?? "",
    next: String(renewed.refresh_token),
    access_token: String(renewed.access_token),
  };
}

async function signInWith(browser: Browser, email: string, secret: string) {
  const request = playerRequest(platform.kernel.publicUrl);
  const landed = await browser.signIn(await browser.open(request.url), email, secret);
  const code = codeOf(landed);
  const answer = await exchange(platform.app, code, request);
  return { code, tokens: succeeded<{ access_token: string; refresh_token: string }>(answer) };
}

it("the canaries are real", () => {
  for (const [name, canary] of Object.entries(canaries))
    expect(canary.length, name).toBeGreaterThanOrEqual(16);
});

it("no table holds a secret in the clear", async () => {
  const lines = await dump(platform.kernel.database("users").root);
  expect(lines.length).toBeGreaterThan(50);
  for (const [name, canary] of Object.entries(canaries)) {
    const forms = [canary, Buffer.from(canary).toString("hex"), Buffer.from(canary).toString("base64")];
    const found = lines.filter((line) => forms.some((form) => line.includes(form)));
    expect(found, name).toEqual([]);
  }
});

it("no line of the log holds a secret, wherever a client puts it", async () => {
  for (const operation of operations) {
    for (const request of withCanaries(requestOf(operation, named, platform.clock.now()))) {
      await send(platform, request, operation.operationId === "tailPlayerEvents");
    }
  }
  for (const canary of Object.values(canaries)) {
    for (const request of outsideTheContract(encodeURIComponent(canary))) await platform.app.inject(request);
  }
  expect((await platform.app.inject(`${grantUrl}master.m3u8`)).statusCode).toBe(200);
  const scrape = await platform.app.inject({
    url: "/metrics",
    headers: { authorization: `Bearer ${metricsToken}` },
  });
  expect(scrape.statusCode).toBe(200);
  expectNoSecrets(scrape.body, "the metrics");
  expect(platform.logged.length).toBeGreaterThan(operations.length * 3);
  expectNoSecrets(platform.logged.join(""), "the log");
});

function expectNoSecrets(text: string, place: string): void {
  for (const [name, canary] of Object.entries(canaries)) {
    const basic = Buffer.from(`x:${canary}`).toString("base64");
    for (const form of [canary, encodeURIComponent(canary), basic]) {
      expect(text.includes(form), `${name} in ${place}`).toBe(false);
    }
  }
}

/** The same request with secrets in its path, its query, its headers, and every text of its body. */
function withCanaries(valid: ContractRequest): SentRequest[] {
  const secrets = Object.values(canaries);
  const secret = (index: number) => secrets[index % secrets.length] ?? password;
  const path = Object.fromEntries(
    Object.keys(valid.path).map((name, index) => [name, encodeURIComponent(secret(index))]),
  );
  const query = Object.fromEntries(
    secrets.map((value, index) => [index === 0 ? "q" : `secret_${index}`, value]),
  );
  const fields = textFields(valid.operation.body?.schema ?? {});
  const body = fields.reduce((now, steps, index) => withText(now, steps, secret(index)), valid.body);
  const headers = {
    ...valid.headers,
    cookie: `flix_session=${secret(0)}`,
    referer: `https://x.example/?token=${secret(1)}`,
    "user-agent": secret(2),
    "idempotency-key": secret(3),
    "x-api-key": secret(4),
  };
  const basic = Buffer.from(`x:${password}`).toString("base64");
  return [
    toInject({ ...valid, path, headers }, root),
    toInject({ ...valid, query: { ...valid.query, ...query } }, root),
    toInject(
      { ...valid, headers, body },
      valid.operation.access.scopeSets.flat().includes("account") ? viewer : root,
    ),
    toInject({ ...valid, headers: { ...valid.headers, authorization: `Basic ${basic}` } }, {}),
    ...secrets.map((token) => toInject({ ...valid, query: {} }, { token })).slice(0, 2),
  ];
}

function outsideTheContract(secret: string): InjectOptions[] {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const posts = [
    "/oauth/token",
    "/oauth/token/revocation",
    "/oauth/device/auth",
    "/oauth/device",
    `/oauth/interaction/${secret}`,
  ];
  const fields = [
    "client_id",
    "client_secret",
    "code",
    "refresh_token",
    "password",
    "user_code",
    "token",
    "grant_type",
  ];
  return [
    ...[
      `/${secret}`,
      `/docs/errors/${secret}`,
      `/artwork/${secret}.png`,
      `/media/${secret}/titles/x/y/z.m4s`,
      `/%ff${secret}`,
    ].map((url) => ({ url })),
    { url: `/oauth/auth?client_id=flix-player&code_challenge=${secret}&state=${secret}&prompt=${secret}` },
    { url: `/oauth/device?user_code=${secret}` },
    { url: `/oauth/interaction/${secret}`, headers: { cookie: `flix_interaction=${secret}` } },
    ...posts.map((url) => ({
      method: "POST" as const,
      url,
      headers: { ...form, cookie: `flix_session=${secret}` },
      payload: fields.map((field) => `${field}=${secret}`).join("&"),
    })),
  ];
}

it("a failure of ours is logged without the row that failed", async () => {
  const database = platform.kernel.database("users").root;
  await sql`alter table users.accounts add constraint broken check (name <> 'Break')`.execute(database);
  const body = { email: "canary-address@example.org", password, name: "Break", country: "GB" };
  const answer = await as(platform, root).post("/v1/accounts", { body });
  await sql`alter table users.accounts drop constraint broken`.execute(database);
  expect([answer.statusCode, answer.json().code]).toEqual([500, "internal_error"]);
  expect(answer.body).not.toContain("constraint");
  const line = platform.logged.findLast((text) => text.includes("request failed")) ?? "";
  expect(line).toContain("broken");
  expect(line).not.toContain("canary-address");
  expect(line).not.toContain("$argon2");
});

it("CR, LF and escape sequences in titles and paths stay inside one line of JSON", async () => {
  const title = 'A film\r\n{"level":"info","msg":"forged"}\n\u001b[31mred\u001b[0m\u2028';
  const body = { kind: "film", title };
  succeeded(await as(platform, root).post("/v1/titles", { body }));
  await platform.app.inject(`/${encodeURIComponent(title)}`);
  const database = platform.kernel.database("catalog").root;
  await sql`alter table catalog.titles add constraint broken check (kind <> 'film') not valid`.execute(
    database,
  );
  const failed = await as(platform, root).post("/v1/titles", { body });
  await sql`alter table catalog.titles drop constraint broken`.execute(database);
  expect(failed.statusCode).toBe(500);
  for (const written of platform.logged) {
    expect(written.indexOf("\n")).toBe(written.length - 1);
    for (const character of ["\r", "\u001b"]) expect(written).not.toContain(character);
    expect(JSON.parse(written)).toMatchObject({ level: expect.any(String), time: expect.any(String) });
  }
  expect(platform.logged.some((written) => JSON.parse(written).msg === "forged")).toBe(false);
});
