import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser, post, signInPlayer, type Tokens } from "../testing/browser.ts";
import { startOauthPlatform, type OauthPlatform } from "../testing/oauth.ts";

let platform: OauthPlatform;
let publicUrl: string;
beforeAll(async () => {
  platform = await startOauthPlatform();
  ({ publicUrl } = platform.kernel);
});
afterAll(() => platform.close());

interface DeviceRequest {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
}

async function askForDevice(fields: Record<string, string> = {}): Promise<DeviceRequest> {
  const answer = await post(
    platform.app,
    { client_id: "flix-cli", ...fields },
    { path: "/oauth/device/auth" },
  );
  expect(answer.statusCode).toBe(200);
  return answer.json();
}

function poll({ device_code }: DeviceRequest) {
  return post(platform.app, {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    client_id: "flix-cli",
    device_code,
  });
}

async function allow(request: DeviceRequest, email: string, browser: Browser) {
  const { pathname, search } = new URL(request.verification_uri_complete);
  const confirm = await browser.submit(await browser.open(pathname + search), {});
  expect(confirm.body).toContain(request.user_code);
  return browser.signIn(await browser.submit(confirm, { confirm: "yes" }), email);
}

describe("signing in with a code", () => {
  it("fills the code in, shows it again to compare, asks who it is and gives tokens", async () => {
    const operator = await platform.addOperator("admin");
    const request = await askForDevice();
    expect(request.verification_uri).toBe(`${publicUrl}/oauth/device`);
    expect((await poll(request)).json().error).toBe("authorization_pending");
    const done = await allow(request, operator.email, new Browser(platform.app, publicUrl));
    expect(done.body).toContain("You are signed in");
    const tokens: Tokens = (await poll(request)).json();
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      kind: "operator",
      role: "admin",
      sub: operator.id,
    });
    const whoami = await platform.api(tokens.access_token, "/v1/whoami");
    expect(whoami.json()).toMatchObject({ kind: "operator", role: "admin" });
    expect((await poll(request)).json().error).toBe("invalid_grant");
  });

  it("asks for the password even where somebody is signed in, and takes an operator before a viewer", async () => {
    const viewer = await platform.addViewer();
    const browser = new Browser(platform.app, publicUrl);
    await signInPlayer(platform, viewer.email, browser);
    const request = await askForDevice();
    const operator = await platform.addOperator("support", viewer.email);
    await allow(request, viewer.email, browser);
    expect(decodeJwt((await poll(request)).json().access_token).sub).toBe(operator.id);
  });

  it("gives a token for the platform by any of its names on one's own machine", async () => {
    const operator = await platform.addOperator("support");
    const alias = publicUrl.replace("localhost", "127.0.0.1");
    const request = await askForDevice({ resource: alias });
    await allow(request, operator.email, new Browser(platform.app, publicUrl));
    const { access_token, refresh_token } = (await poll(request)).json();
    expect(decodeJwt(access_token).aud).toBe(publicUrl);
    const renewed = await post(platform.app, {
      grant_type: "refresh_token",
      client_id: "flix-cli",
      refresh_token,
      resource: alias,
    });
    expect(decodeJwt(renewed.json().access_token).aud).toBe(publicUrl);
    const whoami = await platform.api(renewed.json().access_token, "/v1/whoami");
    expect(whoami.json().scopes).toContain("users:write");
  });

  it("lets a viewer in with a viewer's rights only", async () => {
    const viewer = await platform.addViewer();
    const request = await askForDevice({ scope: "account operators:write" });
    await allow(request, viewer.email, new Browser(platform.app, publicUrl));
    expect((await poll(request)).json().scope).toBe("account");
  });

  it("tells the device when the person denies it", async () => {
    const request = await askForDevice();
    const browser = new Browser(platform.app, publicUrl);
    const confirm = await browser.submit(await browser.open("/oauth/device"), {
      user_code: request.user_code.toLowerCase(),
    });
    const denied = await browser.submit(confirm, { abort: "yes" });
    expect(denied.body).toContain("You denied the device");
    expect((await poll(request)).json().error).toBe("access_denied");
  });

  it("shows an unknown code as such, escaped, and stops guesses", async () => {
    const browser = new Browser(platform.app, publicUrl, "192.0.2.99");
    const page = await browser.open(`/oauth/device?user_code=${encodeURIComponent('"><script>')}`);
    expect(page.body).not.toContain("<script");
    let last = await browser.submit(page, { user_code: "BCDF-GHJK" });
    expect(last.body).toContain("There is no such code");
    for (let guess = 0; guess < 25 && last.response.statusCode !== 429; guess += 1) {
      last = await browser.submit(page, { user_code: "BCDF-GHJK" });
    }
    expect(last.response.statusCode).toBe(429);
    expect(last.response.headers["retry-after"]).toBeTruthy();
    expect(last.body).toContain("Too many codes");
  });

  it("refuses a form without the page's own token", async () => {
    const { user_code } = await askForDevice();
    const answer = await post(platform.app, { user_code, confirm: "yes" }, { path: "/oauth/device" });
    expect(answer.statusCode).toBe(400);
  });

  it("is the command line's alone", async () => {
    const answer = await post(platform.app, { client_id: "flix-player" }, { path: "/oauth/device/auth" });
    expect(answer.statusCode).toBe(400);
  });
});
