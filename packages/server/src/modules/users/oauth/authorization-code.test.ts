import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { Browser, codeOf, exchange, playerRequest, refresh, signInPlayer } from "../testing/browser.ts";
import { startOauthPlatform, type OauthPlatform } from "../testing/oauth.ts";

let platform: OauthPlatform;
let publicUrl: string;
beforeAll(async () => {
  platform = await startOauthPlatform();
  ({ publicUrl } = platform.kernel);
});
afterAll(() => platform.close());

describe("the player's sign-in", () => {
  it("leads from the sign-in page to tokens that the API takes", async () => {
    const viewer = await platform.addViewer();
    const tokens = await signInPlayer(platform, viewer.email);
    expect(tokens).toMatchObject({
      token_type: "Bearer",
      expires_in: 600,
      scope: "account playback catalog:read",
    });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: "ES256", typ: "at+jwt" });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: `${publicUrl}/oauth`,
      aud: publicUrl,
      sub: viewer.id,
      client_id: "flix-player",
      kind: "account",
    });
    const whoami = await platform.api(tokens.access_token, "/v1/whoami");
    expect(whoami.statusCode).toBe(200);
    expect(whoami.json()).toMatchObject({ kind: "account", id: viewer.id, email: viewer.email });
  });
});
