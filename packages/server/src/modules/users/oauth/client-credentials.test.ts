import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post } from "../testing/browser.ts";
import { startOauthPlatform, type OauthPlatform } from "../testing/oauth.ts";

let platform: OauthPlatform;
beforeAll(async () => {
  platform = await startOauthPlatform();
});
afterAll(() => platform.close());

const scopes = ["catalog:write", "media:write"];

function newClient() {
  return platform.kernel.units.write((unit) =>
    platform.users.createClient(unit, { name: "Nightly", scopes }),
  );
}

function ask(clientId: string, clientSecret: string, fields: Record<string, string> = {}) {
  const credentials = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
  return post(
    platform.app,
    { grant_type: "client_credentials", ...fields },
    { headers: { authorization: `Basic ${credentials}` } },
  );
}

describe("a machine client", () => {
  it("gets its own scopes, by Basic or in the body, without a refresh token", async () => {
    const { clientId, clientSecret } = await newClient();
    const answer = await ask(clientId, clientSecret);
    expect(answer.json()).toMatchObject({ scope: "catalog:write media:write", token_type: "Bearer" });
    expect(answer.json().refresh_token).toBeUndefined();
    expect(decodeJwt(answer.json().access_token)).toMatchObject({
      sub: clientId,
      client_id: clientId,
      kind: "client",
      aud: platform.kernel.publicUrl,
    });
    const inBody = await post(platform.app, {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: "media:write",
      resource: platform.kernel.publicUrl,
    });
    expect(inBody.json().scope).toBe("media:write");
    const whoami = await platform.api(inBody.json().access_token, "/v1/whoami");
    expect(whoami.json()).toMatchObject({ kind: "client", id: clientId, scopes: ["media:write"] });
  });

  it("is refused with a wrong secret, the hash of its secret, or scopes that it lacks", async () => {
    const { clientId, clientSecret } = await newClient();
    const { root } = platform.kernel.database("users");
    const { rows } = await root
      .withTables<{ "users.clients": { id: string; secret_hash: Buffer } }>()
      .selectFrom("users.clients")
      .select("secret_hash")
      .where("id", "=", clientId)
      .execute()
      .then((found) => ({ rows: found }));
    const hash = rows[0]?.secret_hash.toString("hex") ?? "none";
    for (const wrong of ["wrong", hash, `${clientSecret}x`]) {
      const refused = await ask(clientId, wrong);
      expect(refused.statusCode).toBe(401);
      expect(refused.json().error).toBe("invalid_client");
    }
    const tooMuch = await ask(clientId, clientSecret, { scope: "media:write operators:write" });
    expect(tooMuch.json()).toMatchObject({ error: "invalid_scope", scope: "operators:write" });
    const unknown = await ask("cli_00000000000000000000000000", clientSecret);
    expect(unknown.statusCode).toBe(401);
    expect((await ask("x\0' or 1=1", "y")).statusCode).toBe(400);
  });

  it("gets no tokens after its deletion, and those that it holds end within 5 s", async () => {
    const { clientId, clientSecret } = await newClient();
    const { access_token } = (await ask(clientId, clientSecret)).json();
    const admin = await platform.kernel.units.write((unit) => platform.users.provisionLocalOperator(unit));
    const staff = (await ask(admin.clientId, admin.clientSecret)).json().access_token;
    const url = `/v1/clients/${clientId}`;
    expect((await platform.api(staff, url, { method: "DELETE" })).statusCode).toBe(204);
    expect((await platform.api(staff, url, { method: "DELETE" })).statusCode).toBe(404);
    platform.clock.advance(5_001);
    expect((await platform.api(access_token, "/v1/whoami")).statusCode).toBe(401);
    expect((await ask(clientId, clientSecret)).statusCode).toBe(401);
  });
});

it("the local operator keeps its id and gets a new secret at each start", async () => {
  const provision = () => platform.kernel.units.write((unit) => platform.users.provisionLocalOperator(unit));
  const first = await provision();
  const second = await provision();
  expect(second.clientId).toBe(first.clientId);
  expect((await ask(first.clientId, first.clientSecret)).statusCode).toBe(401);
  expect((await ask(second.clientId, second.clientSecret)).json().scope).toContain("operators:write");
});
