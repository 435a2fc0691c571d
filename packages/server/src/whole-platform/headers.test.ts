import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post } from "../modules/users/testing/browser.ts";
import { problemFault } from "./testing/conformance.ts";
import { fillStock, subscribe, type Belongings } from "./testing/belongings.ts";
import { addViewer, as, provisionRoot, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

const listed = "https://player.example.org";
let platform: WholePlatform;
let root: Person;
let viewer: Person;
let belongings: Belongings;
let titleId: string;
let keySetId: string;
let kid: string;

beforeAll(async () => {
  platform = await startWholePlatform({ FLIX_CORS_ORIGINS: listed });
  root = await provisionRoot(platform);
  const stock = await fillStock(platform, root);
  ({ title_id: titleId, key_set_id: keySetId, kid } = stock);
  viewer = await addViewer(platform);
  belongings = await subscribe(platform, viewer, stock);
});
afterAll(() => platform?.close());

/** One answer of every kind that the server gives. */
const kinds: [string, number, InjectOptions][] = [
  ["a probe", 200, { url: "/livez" }],
  ["an answer of the API", 200, { url: "/v1/plans" }],
  ["no token", 401, { url: "/v1/titles" }],
  ["no such path", 404, { url: "/v1/unheard-of" }],
  ["an id that is too long", 404, { url: `/v1/plans/${"x".repeat(600)}` }],
  ["a path that is not percent-encoded", 400, { url: "/v1/plans/%ff" }],
  ["a body that is no JSON", 400, jsonPost('{"email":')],
  ["a body that is too large", 413, jsonPost(`"${"x".repeat(1024 * 1024)}"`)],
  [
    "a media type that is not taken",
    415,
    { method: "POST", url: "/v1/accounts", payload: "a=b", headers: { "content-type": "text/csv" } },
  ],
  ["the contract", 200, { url: "/openapi.json" }],
  ["a page of the documentation", 200, { url: "/docs/errors" }],
  ["OAuth's discovery", 200, { url: "/oauth/.well-known/openid-configuration" }],
  ["OAuth's error page", 400, { url: "/oauth/auth?client_id=nobody", headers: { accept: "text/html" } }],
  [
    "OAuth's refusal of a token",
    400,
    {
      method: "POST",
      url: "/oauth/token",
      payload: "grant_type=password",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
  ],
  ["media without a grant", 403, { url: "/media/nothing/titles/x/y/master.m3u8" }],
  ["artwork that is not there", 404, { url: `/artwork/${"0".repeat(64)}.png` }],
];

function jsonPost(payload: string): InjectOptions {
  return { method: "POST", url: "/v1/accounts", payload, headers: { "content-type": "application/json" } };
}

describe.each(kinds)("%s", (kind, status, request) => {
  it("carries the security headers and a request id, is kept by nobody, and is no other origin's", async () => {
    for (const origin of ["https://evil.example.org", "null", `${listed}.evil.example`]) {
      const answer = await platform.app.inject({ ...request, headers: { ...request.headers, origin } });
      expect(answer.statusCode).toBe(status);
      expect(answer.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "strict-transport-security": expect.stringContaining("max-age=31536000"),
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
        "referrer-policy": "no-referrer",
        "x-request-id": expect.stringMatching(/^req_/),
        "cache-control": expect.stringMatching(/no-store|no-cache/),
      });
      expect(answer.headers).not.toHaveProperty("x-powered-by");
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      // OAuth's errors have a shape of their own (RFC 6749 section 5.2).
      if (status >= 400 && !kind.includes("OAuth")) expect(problemFault(answer)).toBeUndefined();
    }
  });
});

describe("answers that hold a secret", () => {
  async function expectNoStore(asking: Promise<LightMyRequestResponse>): Promise<void> {
    const answer = await asking;
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    expect(answer.headers["cache-control"]).toContain("no-store");
  }

  it("are kept by nobody: tokens, client secrets, media grants, content keys, one's own account", async () => {
    const refresh = {
      grant_type: "refresh_token",
      client_id: "flix-player",
      refresh_token: viewer.refreshToken ?? "",
    };
    await expectNoStore(post(platform.app, refresh));
    const client = { name: "Nightly", scopes: ["media:write"] };
    await expectNoStore(as(platform, root).post("/v1/clients", { body: client }));
    const session = {
      profile_id: belongings.profile_id,
      title_id: titleId,
      device: { id: "tv-2", kind: "tv" },
    };
    await expectNoStore(as(platform, viewer).post("/v1/playback-sessions", { body: session }));
    await expectNoStore(as(platform, viewer).get(`/v1/accounts/${viewer.id}`));
    const license = { kids: [kid] };
    const ofSession = `/v1/playback-sessions/${belongings.session_id}/license`;
    await expectNoStore(as(platform, viewer).post(ofSession, { body: license }));
    await expectNoStore(as(platform, root).post(`/v1/key-sets/${keySetId}/export`));
  });
});

describe("the player's own origin", () => {
  it("may trade a refresh token, and another one may not", async () => {
    const fresh = await addViewer(platform);
    const refresh = (origin: string) => {
      const fields = {
        grant_type: "refresh_token",
        client_id: "flix-player",
        refresh_token: fresh.refreshToken ?? "",
      };
      return post(platform.app, fields, { headers: { origin } });
    };
    for (const origin of ["https://evil.example.org", listed, "null"]) {
      const refused = await refresh(origin);
      expect([refused.statusCode, refused.json().error]).toEqual([400, "invalid_request"]);
    }
    expect((await refresh(platform.kernel.publicUrl)).statusCode).toBe(200);
  });
});

describe("an origin that is listed", () => {
  it("may read the API and send every method that the contract has", async () => {
    const answer = await platform.app.inject({ url: "/v1/plans", headers: { origin: listed } });
    expect(answer.headers["access-control-allow-origin"]).toBe(listed);
    expect(answer.headers["vary"]).toContain("Origin");
    const preflight = await platform.app.inject({
      method: "OPTIONS",
      url: `/v1/accounts/${viewer.id}`,
      headers: {
        origin: listed,
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,if-match,idempotency-key",
      },
    });
    expect(preflight.headers["access-control-allow-origin"]).toBe(listed);
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      expect(preflight.headers["access-control-allow-methods"]).toContain(method);
    }
    expect(preflight.headers["access-control-allow-headers"]).toContain("if-match");
    expect(preflight.headers["access-control-allow-credentials"]).toBeUndefined();
  });

  it("is the only one whose preflight is answered", async () => {
    for (const origin of ["https://evil.example.org", "null"]) {
      const preflight = await platform.app.inject({
        method: "OPTIONS",
        url: "/v1/plans",
        headers: { origin, "access-control-request-method": "POST" },
      });
      expect(preflight.headers["access-control-allow-origin"]).toBeUndefined();
    }
  });
});
