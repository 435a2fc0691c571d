import { request } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playerRequest } from "../testing/browser.ts";
import { startOauthPlatform, type OauthPlatform } from "../testing/oauth.ts";

/** Behind a gateway that ends TLS and serves the platform under a path, over a real socket. */
const publicUrl = "https://vod.example/watch";
let platform: OauthPlatform;
let origin: string;
beforeAll(async () => {
  platform = await startOauthPlatform({ publicUrl });
  origin = await platform.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => platform.close());

const form = { "content-type": "application/x-www-form-urlencoded" };

/** As it is written: `fetch` would tidy the path up. */
async function status(method: string, path: string, body = ""): Promise<number | undefined> {
  const sent = request(origin, { method, path, headers: form });
  sent.end(body);
  const [response] = await once(sent, "response");
  response.resume();
  return response.statusCode;
}

describe("OAuth behind a gateway", () => {
  it("names the addresses that clients can reach", async () => {
    const answer = await fetch(`${origin}/oauth/.well-known/openid-configuration`);
    expect(await answer.json()).toMatchObject({
      issuer: `${publicUrl}/oauth`,
      authorization_endpoint: `${publicUrl}/oauth/auth`,
      token_endpoint: `${publicUrl}/oauth/token`,
      jwks_uri: `${publicUrl}/oauth/jwks`,
      revocation_endpoint: `${publicUrl}/oauth/token/revocation`,
      grant_types_supported: expect.arrayContaining(["client_credentials"]),
      response_types_supported: ["code"],
    });
  });

  it("shows public keys only", async () => {
    const { keys } = (await platform.app.inject("/oauth/jwks")).json();
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]).toSorted()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
  });

  it("gives cookies for TLS, this path and no script", async () => {
    const answer = await fetch(origin + playerRequest(publicUrl).url, { redirect: "manual" });
    expect(answer.status).toBe(303);
    const location = answer.headers.get("location") ?? "";
    expect(location).toMatch(/^\/watch\/oauth\/interaction\/[\w-]+$/);
    const cookies = answer.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; path=\/watch\/oauth\//i);
      expect(cookie).toMatch(/; secure/i);
      expect(cookie).toMatch(/; httponly/i);
      expect(cookie).toMatch(/; samesite=lax/i);
    }
    const page = await fetch(origin + location.replace("/watch", ""), {
      headers: { cookie: cookies.map((cookie) => cookie.split(";", 1)[0]).join("; ") },
    });
    expect(await page.text()).toContain(`action="${location}"`);
  });

  it("takes the token request of a client over the wire", async () => {
    const { clientId, clientSecret } = await platform.kernel.units.write((unit) =>
      platform.users.createClient(unit, { name: "Wire", scopes: ["ops:read"] }),
    );
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
    });
    const answer = await fetch(`${origin}/oauth/token`, { method: "POST", body });
    expect(answer.status).toBe(200);
    const token = /"access_token":"([^"]+)"/.exec(await answer.text())?.[1];
    const whoami = await fetch(`${origin}/v1/whoami`, { headers: { authorization: `Bearer ${token}` } });
    expect(await whoami.json()).toMatchObject({ kind: "client", id: clientId, scopes: ["ops:read"] });
  });

  it("answers nonsense with 4xx", async () => {
    const nonsense = [
      ["GET", "/oauth/"],
      ["GET", "/oauth/nowhere"],
      ["GET", "/%6Fauth/jwks"],
      ["GET", "/oauth/../oauth/nowhere"],
      ["GET", "/oauth/auth"],
      ["GET", "/oauth/auth?client_id=%00&redirect_uri=%00"],
      ["GET", "/oauth/auth?client_id=flix-player&client_id=flix-player"],
      ["GET", "/oauth/auth/unknown-interaction"],
      ["GET", "/oauth/interaction/unknown"],
      ["GET", "/oauth/interaction/%00"],
      ["DELETE", "/oauth/token"],
      ["POST", "/oauth/device"],
      ["POST", "/oauth/session/end/confirm"],
    ] as const;
    for (const [method, path] of nonsense) {
      const code = await status(method, path);
      expect({ path, refused: code !== undefined && code >= 400 && code < 500 }).toEqual({
        path,
        refused: true,
      });
    }
    for (const body of [
      "",
      "grant_type",
      "grant_type=x&grant_type=y",
      "%",
      "a=".repeat(500),
      "x".repeat(200_000),
    ]) {
      const code = await status("POST", "/oauth/token", body);
      expect({ body: body.slice(0, 20), refused: code !== undefined && code >= 400 && code < 500 }).toEqual({
        body: body.slice(0, 20),
        refused: true,
      });
    }
    for (const token of ["\0", "x".repeat(5_000), "'; drop table users.accounts; --"]) {
      const fields = { grant_type: "refresh_token", client_id: "flix-player", refresh_token: token };
      expect(await status("POST", "/oauth/token", new URLSearchParams(fields).toString())).toBe(400);
    }
  });
});
