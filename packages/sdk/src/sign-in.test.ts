import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { createHeldClock, createSkippingClock } from "../testing/clocks.ts";
import { answerOauthError, startOauthServer } from "../testing/oauth-server.ts";
import { finishDeviceSignIn, startDeviceSignIn } from "./device-sign-in.ts";
import { finishSignIn, signOut, startSignIn } from "./sign-in.ts";

const redirectUri = "http://localhost:5173/signed-in";

describe("signing in with a browser", () => {
  test("asks with an S256 challenge that only the verifier answers", async () => {
    const server = await startOauthServer();
    const options = { server: server.url, clientId: "web-player", redirectUri };
    const started = await startSignIn({ ...options, scopes: ["playback"] });
    const url = new URL(started.url);
    expect(`${url.origin}${url.pathname}`).toBe(`${server.url}/oauth/auth`);
    const { code_challenge: code = "", ...query } = Object.fromEntries(url.searchParams);
    expect(query).toEqual({
      response_type: "code",
      client_id: "web-player",
      redirect_uri: redirectUri,
      scope: "playback",
      resource: server.url,
      state: started.state,
      code_challenge_method: "S256",
    });
    const callbackUrl = `${redirectUri}?code=${code}&state=${started.state}`;
    const clock = createSkippingClock();
    expect(await finishSignIn({ ...options, ...started, callbackUrl, clock })).toEqual({
      accessToken: "access-1",
      refreshToken: "refresh-1",
      expiresAt: clock.now() + 600_000,
      scopes: ["catalog:read", "playback"],
    });
    const other = await startSignIn(options);
    expect(new URL(other.url).searchParams.has("scope")).toBe(false);
    const stolen = { ...options, ...started, verifier: other.verifier, callbackUrl };
    await expect(finishSignIn(stolen)).rejects.toMatchObject({ code: "invalid_grant" });
    expect(other.verifier).not.toBe(started.verifier);
  });

  test("refuses an answer to another sign-in, and passes on what the server refused", async () => {
    const server = await startOauthServer();
    const options = { server: server.url, clientId: "web-player", redirectUri, state: "s", verifier: "v" };
    const forged = { ...options, callbackUrl: `${redirectUri}?code=c&state=other` };
    await expect(finishSignIn(forged)).rejects.toMatchObject({ code: "state_mismatch" });
    const denied = { ...options, callbackUrl: `${redirectUri}?error=access_denied&state=s` };
    await expect(finishSignIn(denied)).rejects.toMatchObject({ code: "access_denied" });
    expect(server.forms).toEqual([]);
  });

  test("ends for good by revoking the refresh token", async () => {
    const server = await startOauthServer();
    await signOut({ server: server.url, clientId: "web-player", refreshToken: "refresh-1" });
    const { path, text } = server.requests.at(-1) ?? {};
    expect(path).toBe("/oauth/token/revocation");
    expect(text).toBe("token=refresh-1&token_type_hint=refresh_token&client_id=web-player");
  });
});

describe("signing in with a device", () => {
  test("shows a code, then asks at the pace that the server sets, until the person agrees", async () => {
    const server = await startOauthServer();
    const clock = createSkippingClock();
    const options = { server: server.url, clientId: "flix-cli", clock };
    const started = await startDeviceSignIn({ ...options, scopes: ["catalog:read"] });
    expect(started).toEqual({
      deviceCode: "device-1",
      userCode: "BCDF-GHJK",
      verificationUri: `${server.url}/oauth/device`,
      verificationUriComplete: `${server.url}/oauth/device?user_code=BCDF-GHJK`,
      expiresAt: clock.now() + 60_000,
      intervalSeconds: 5,
    });
    const asked = new URLSearchParams(server.requests[0]?.text);
    expect(asked.get("scope")).toBe("catalog:read");
    server.failures.push(
      (response) => answerOauthError(response, "authorization_pending"),
      (response) => answerOauthError(response, "slow_down"),
      (response) => void response.destroy(),
    );
    const tokens = await finishDeviceSignIn({ ...options, started });
    expect(tokens).toMatchObject({ accessToken: "access-1", refreshToken: "refresh-1" });
    expect(clock.sleeps).toEqual([5000, 5000, 10_000, 20_000]);
    expect(Object.fromEntries(server.forms[0] ?? [])).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: "device-1",
      client_id: "flix-cli",
      resource: server.url,
    });
  });

  test("ends when the person refuses, when the code expires, and when the caller gives up", async () => {
    const server = await startOauthServer();
    const options = { server: server.url, clientId: "flix-cli", clock: createSkippingClock() };
    const started = await startDeviceSignIn(options);
    server.failures.push((response) => answerOauthError(response, "access_denied"));
    await expect(finishDeviceSignIn({ ...options, started })).rejects.toMatchObject({
      code: "access_denied",
    });
    const pending = (response: ServerResponse) => answerOauthError(response, "authorization_pending");
    server.failures.push(...Array.from({ length: 99 }, () => pending));
    await expect(finishDeviceSignIn({ ...options, started })).rejects.toMatchObject({
      code: "expired_token",
    });

    const clock = createHeldClock();
    const stop = new AbortController();
    const waiting = finishDeviceSignIn({
      ...options,
      clock,
      started: { ...started, expiresAt: Infinity },
      signal: stop.signal,
    });
    await clock.untilSleeping(5000);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  });
});
