import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser, codeOf, exchange, playerRequest, post, refresh, signInPlayer } from "../testing/browser.ts";
import { startOauthPlatform, type OauthPlatform } from "../testing/oauth.ts";

let platform: OauthPlatform;
let publicUrl: string;
beforeAll(async () => {
  platform = await startOauthPlatform();
  ({ publicUrl } = platform.kernel);
});
afterAll(() => platform.close());

const newBrowser = () => new Browser(platform.app, publicUrl);

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
    expect(whoami.json()).toMatchObject({ kind: "account", id: viewer.id, email: viewer.email });
  });

  it("asks no second time in the same browser, and gives a new session id at sign-in", async () => {
    const { email } = await platform.addViewer();
    const browser = newBrowser();
    await signInPlayer(platform, email, browser);
    const before = browser.cookie("flix_session");
    const silent = await browser.open(playerRequest(publicUrl, { prompt: "none" }).url);
    expect(codeOf(silent)).toBeTruthy();
    const again = await browser.open(playerRequest(publicUrl, { prompt: "login" }).url);
    await browser.signIn(again, email);
    expect(browser.cookie("flix_session")).toBeTruthy();
    expect(browser.cookie("flix_session")).not.toBe(before);
  });

  it("lets another person sign in over the first, whose refresh token of this browser ends", async () => {
    const [first, second] = [await platform.addViewer(), await platform.addViewer()];
    const browser = newBrowser();
    const { refresh_token } = await signInPlayer(platform, first.email, browser);
    const request = playerRequest(publicUrl, { prompt: "login" });
    const landed = await browser.signIn(await browser.open(request.url), second.email);
    const { access_token } = (await exchange(platform.app, codeOf(landed), request)).json();
    expect(decodeJwt(access_token).sub).toBe(second.id);
    expect((await refresh(platform.app, refresh_token)).json().error).toBe("invalid_grant");
  });

  it("grants what a viewer may do, whatever was asked for", async () => {
    const { email } = await platform.addViewer();
    const browser = newBrowser();
    const request = playerRequest(publicUrl, { scope: "openid account users:write operators:write" });
    const landed = await browser.signIn(await browser.open(request.url), email);
    const tokens = (await exchange(platform.app, codeOf(landed), request)).json();
    expect(tokens.scope).toBe("account");
    expect(decodeProtectedHeader(tokens.id_token).alg).toBe("ES256");
  });

  it("ends everything when the refresh token is revoked: the browser has to sign in again", async () => {
    const { email } = await platform.addViewer();
    const browser = newBrowser();
    const { access_token, refresh_token } = await signInPlayer(platform, email, browser);
    const revocation = { path: "/oauth/token/revocation" };
    const answer = await post(
      platform.app,
      { client_id: "flix-player", token: refresh_token, token_type_hint: "refresh_token" },
      revocation,
    );
    expect(answer.statusCode).toBe(200);
    expect((await refresh(platform.app, refresh_token)).statusCode).toBe(400);
    expect((await platform.api(access_token, "/v1/whoami")).json().code).toBe("invalid_token");
    const silent = await browser.open(playerRequest(publicUrl, { prompt: "none" }).url);
    expect(silent.url).toContain("error=login_required");
  });

  it("signs out on the provider's page too", async () => {
    const { email } = await platform.addViewer();
    const browser = newBrowser();
    const { refresh_token } = await signInPlayer(platform, email, browser);
    const back = encodeURIComponent(`${publicUrl}/`);
    const asked = await browser.open(
      `/oauth/session/end?client_id=flix-player&post_logout_redirect_uri=${back}`,
    );
    const left = await browser.submit(asked, { logout: "yes" });
    expect(left.url).toBe(`${publicUrl}/`);
    expect((await refresh(platform.app, refresh_token)).statusCode).toBe(400);
  });
});

describe("an authorization request", () => {
  it.each([
    ["no code_challenge", { code_challenge: undefined, code_challenge_method: undefined }],
    ["the plain method", { code_challenge_method: "plain" }],
    ["no method", { code_challenge_method: undefined }],
  ])("with %s is refused", async (_name, changes) => {
    const { url } = await newBrowser().open(playerRequest(publicUrl, changes).url);
    expect(new URL(url).searchParams.get("error")).toBe("invalid_request");
    expect(url).not.toContain("code=");
  });

  it.each([
    ["a trailing slash", "/callback/"],
    ["another case", "/Callback"],
    ["an extra query", "/callback?next=evil"],
    ["a path that climbs", "/callback/../evil"],
  ])("to a redirect_uri with %s is shown, not redirected", async (_name, path) => {
    const { response } = await newBrowser().open(
      playerRequest(publicUrl, { redirect_uri: publicUrl + path }).url,
    );
    expect(response.statusCode).toBe(400);
    expect(response.headers.location).toBeUndefined();
  });

  it("to a subdomain or another origin is shown, not redirected", async () => {
    const { host } = new URL(publicUrl);
    for (const redirect_uri of [
      `http://www.${host}/callback`,
      "https://evil.example/callback",
      "javascript:x",
    ]) {
      const { response } = await newBrowser().open(playerRequest(publicUrl, { redirect_uri }).url);
      expect(response.statusCode).toBe(400);
      expect(response.headers.location).toBeUndefined();
    }
  });

  it("for a token, an unknown client or another resource is refused", async () => {
    const implicit = await newBrowser().open(playerRequest(publicUrl, { response_type: "token" }).url);
    expect(implicit.url + implicit.body).toMatch(/unsupported_response_type/);
    const unknown = await newBrowser().open(playerRequest(publicUrl, { client_id: "nobody" }).url);
    expect(unknown.response.statusCode).toBe(400);
    const elsewhere = await newBrowser().open(
      playerRequest(publicUrl, { resource: "https://evil.example" }).url,
    );
    expect(new URL(elsewhere.url).searchParams.get("error")).toBe("invalid_target");
  });

  it("answers with our issuer and addresses, whatever Host and X-Forwarded-Host say", async () => {
    const { body } = await platform.app.inject({
      url: "/oauth/.well-known/openid-configuration",
      headers: { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "gopher" },
    });
    const { issuer, token_endpoint, device_authorization_endpoint } = JSON.parse(body);
    expect({ issuer, token_endpoint, device_authorization_endpoint }).toEqual({
      issuer: `${publicUrl}/oauth`,
      token_endpoint: `${publicUrl}/oauth/token`,
      device_authorization_endpoint: `${publicUrl}/oauth/device/auth`,
    });
    expect(body).not.toContain("evil");
  });
});

describe("an authorization code", () => {
  async function newCode() {
    const { email } = await platform.addViewer();
    const browser = newBrowser();
    const request = playerRequest(publicUrl);
    const landed = await browser.signIn(await browser.open(request.url), email);
    return { code: codeOf(landed), request };
  }

  it("used twice ends the tokens of its first use", async () => {
    const { code, request } = await newCode();
    const tokens = (await exchange(platform.app, code, request)).json();
    const second = await exchange(platform.app, code, request);
    expect(second.statusCode).toBe(400);
    expect(second.json().error).toBe("invalid_grant");
    expect((await refresh(platform.app, tokens.refresh_token)).statusCode).toBe(400);
    expect((await platform.api(tokens.access_token, "/v1/whoami")).statusCode).toBe(401);
  });

  it("used twice at the same time gives nobody tokens that last", async () => {
    const { code, request } = await newCode();
    const answers = await Promise.all([1, 2, 3].map(() => exchange(platform.app, code, request)));
    const won = answers.filter(({ statusCode }) => statusCode === 200);
    expect(won.length).toBeLessThanOrEqual(1);
    for (const answer of won) {
      expect((await refresh(platform.app, answer.json().refresh_token)).statusCode).toBe(400);
    }
  });

  it("needs its verifier, its redirect and its client", async () => {
    const { code, request } = await newCode();
    for (const changes of [{ verifier: "x".repeat(43) }, { redirectUri: `${publicUrl}/` }]) {
      const answer = await exchange(platform.app, code, { ...request, ...changes });
      expect(answer.json().error).toBe("invalid_grant");
    }
    expect((await exchange(platform.app, code, request, "flix-cli")).json().error).toBe("invalid_grant");
    expect((await exchange(platform.app, code, request)).statusCode).toBe(200);
  });

  it("is not to be cached, nor are its tokens", async () => {
    const { code, request } = await newCode();
    const answer = await exchange(platform.app, code, request);
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  });
});

it("the password grant does not exist", async () => {
  const { email } = await platform.addViewer();
  const answer = await post(platform.app, {
    grant_type: "password",
    client_id: "flix-player",
    username: email,
    password: "correct horse battery staple",
  });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().error).toBe("unsupported_grant_type");
});

describe("the command line's own browser sign-in", () => {
  it("returns to any loopback port, and always asks who signs in", async () => {
    const operator = await platform.addOperator("publisher");
    const browser = newBrowser();
    await signInPlayer(platform, (await platform.addViewer()).email, browser);
    const redirectUri = "http://127.0.0.1:49152/callback";
    const request = {
      ...playerRequest(publicUrl, { client_id: "flix-cli", redirect_uri: redirectUri }),
      redirectUri,
    };
    const page = await browser.open(request.url);
    expect(page.response.headers["content-security-policy"]).toContain(
      "form-action 'self' http://127.0.0.1:49152",
    );
    const landed = await browser.signIn(page, operator.email);
    expect(landed.url.startsWith(redirectUri)).toBe(true);
    const tokens = (await exchange(platform.app, codeOf(landed), request, "flix-cli")).json();
    expect(decodeJwt(tokens.access_token)).toMatchObject({ kind: "operator", role: "publisher" });
    expect(tokens.scope.split(" ")).toContain("catalog:write");
    expect(tokens.scope.split(" ")).not.toContain("operators:write");
  });

  it("returns nowhere else", async () => {
    for (const redirect_uri of [
      "http://127.0.0.1.evil.example/callback",
      "http://evil.example:80/callback",
    ]) {
      const { response } = await newBrowser().open(
        playerRequest(publicUrl, { client_id: "flix-cli", redirect_uri }).url,
      );
      expect(response.statusCode).toBe(400);
      expect(response.headers.location).toBeUndefined();
    }
  });
});
