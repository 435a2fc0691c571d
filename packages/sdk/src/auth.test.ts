import { describe, expect, test } from "vitest";
import { createSkippingClock } from "../testing/clocks.ts";
import { answerOauthError, startOauthServer, type OauthServer } from "../testing/oauth-server.ts";
import { clientCredentials, refreshTokens, type TokenStore } from "./auth.ts";
import { createClient, type TokenProvider } from "./client.ts";
import { createFlix } from "./flix.ts";
import { listTitles } from "./generated/operations.ts";
import type { Tokens } from "./oauth.ts";

const machine = { clientId: "cli:1", clientSecret: "s&cret", scopes: ["catalog:read", "media:write"] };

function clientOf(server: OauthServer, tokenProvider: TokenProvider) {
  const clock = createSkippingClock();
  return { clock, client: createClient({ server: `${server.url}/`, tokenProvider, clock }) };
}

function countCalls({ requests }: OauthServer): number {
  return requests.filter(({ path }) => path.startsWith("/v1/")).length;
}

describe("a machine client", () => {
  test("signs in with its secret for this platform's API, once for many calls", async () => {
    const server = await startOauthServer();
    const { client } = clientOf(server, clientCredentials(machine));
    await Promise.all(Array.from({ length: 10 }, () => listTitles(client)));
    await listTitles(client);
    expect(server.forms.map((form) => Object.fromEntries(form))).toEqual([
      { grant_type: "client_credentials", scope: "catalog:read media:write", resource: server.url },
    ]);
    const credentials = Buffer.from("cli%3A1:s%26cret").toString("base64");
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${credentials}`);
  });

  test("signs in again shortly before its token expires", async () => {
    const server = await startOauthServer(600);
    const { client, clock } = clientOf(server, clientCredentials(machine));
    await listTitles(client);
    await clock.sleep(589_000);
    await listTitles(client);
    expect(server.issued).toBe(1);
    await clock.sleep(1_000);
    await listTitles(client);
    expect(server.issued).toBe(2);
  });

  test("is told OAuth's own code when its secret is wrong", async () => {
    const server = await startOauthServer();
    server.failures.push((response) => answerOauthError(response, "invalid_client"));
    const flix = createFlix({ server: server.url, ...machine });
    await expect(flix.listTitles()).rejects.toMatchObject({
      code: "invalid_client",
      status: 400,
      message: "Description of invalid_client",
    });
    expect(countCalls(server)).toBe(0);
  });
});

describe("a token that the server refuses", () => {
  test("is renewed once, for all calls that it failed, and each is sent again with its body", async () => {
    const server = await startOauthServer();
    const { client } = clientOf(server, clientCredentials(machine));
    await listTitles(client);
    server.refused.add("access-1");
    await Promise.all(Array.from({ length: 5 }, () => listTitles(client)));
    const body = { kind: "film", title: "x" } as const;
    server.refused.add("access-2");
    await client.POST("/v1/titles", { body });
    expect(server.issued).toBe(3);
    expect(JSON.parse(server.requests.at(-1)?.text ?? "")).toEqual(body);
  });

  test("ends the call with the server's problem when the renewed one is refused too", async () => {
    const server = await startOauthServer();
    const { client } = clientOf(server, clientCredentials(machine));
    server.refused.add("access-1").add("access-2");
    await expect(listTitles(client)).rejects.toMatchObject({ code: "invalid_token", status: 401 });
    expect([server.issued, countCalls(server)]).toEqual([2, 2]);
  });

  test("is not sent again when nobody can renew it", async () => {
    const server = await startOauthServer();
    const client = createClient({ server: server.url, token: "old" });
    await expect(listTitles(client)).rejects.toMatchObject({ code: "invalid_token" });
    expect(countCalls(server)).toBe(1);
  });
});

/** A store that another tab or process can share: its lock lets one in at a time. */
function createStore(first?: Tokens): TokenStore & { current: Tokens | undefined } {
  let queue: Promise<unknown> = Promise.resolve();
  return {
    current: first,
    read() {
      return this.current;
    },
    write(tokens) {
      this.current = tokens;
    },
    lock(run) {
      const turn = queue.then(run);
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
}

function expired(refreshToken?: string): Tokens {
  return { accessToken: "access-0", expiresAt: 0, scopes: [], ...(refreshToken && { refreshToken }) };
}

describe("a person who is signed in", () => {
  test("stays so by a refresh token that rotates: one refresh for many calls, kept before it is used", async () => {
    const server = await startOauthServer();
    const store = createStore(expired("refresh-0"));
    const { client, clock } = clientOf(server, refreshTokens({ clientId: "web-player", store }));
    await Promise.all(Array.from({ length: 10 }, () => listTitles(client)));
    expect(Object.fromEntries(server.forms[0] ?? [])).toEqual({
      grant_type: "refresh_token",
      refresh_token: "refresh-0",
      client_id: "web-player",
      resource: server.url,
    });
    expect(store.current).toMatchObject({ accessToken: "access-1", refreshToken: "refresh-1" });
    await clock.sleep(600_000);
    await listTitles(client);
    expect(store.current).toMatchObject({ accessToken: "access-2", refreshToken: "refresh-2" });
    expect([server.issued, server.revoked]).toEqual([2, false]);
  });

  test("in two tabs uses no refresh token twice", async () => {
    const server = await startOauthServer();
    const store = createStore(expired("refresh-0"));
    const tabs = [1, 2].map(() => clientOf(server, refreshTokens({ clientId: "web-player", store })).client);
    await Promise.all(tabs.flatMap((client) => [listTitles(client), listTitles(client)]));
    expect([server.issued, server.revoked]).toEqual([1, false]);
  });

  test("is signed out by a revoked refresh token, and by none at all", async () => {
    const server = await startOauthServer();
    const replayed = createStore(expired("refresh-9"));
    const { client } = clientOf(server, refreshTokens({ clientId: "web-player", store: replayed }));
    await expect(listTitles(client)).rejects.toMatchObject({ code: "invalid_grant" });
    const nobody = createFlix({ server: server.url, clientId: "web-player", tokenStore: createStore() });
    await expect(nobody.listTitles()).rejects.toMatchObject({ code: "signed_out" });
    expect(countCalls(server)).toBe(0);
  });

  test("has no refresh repeated whose answer was lost: the token may be used up", async () => {
    const server = await startOauthServer();
    server.failures.push((response) => void response.destroy());
    const store = createStore(expired("refresh-0"));
    const { client } = clientOf(server, refreshTokens({ clientId: "web-player", store }));
    await expect(listTitles(client)).rejects.toMatchObject({ code: "network_error" });
    expect(server.forms).toHaveLength(1);
  });
});
