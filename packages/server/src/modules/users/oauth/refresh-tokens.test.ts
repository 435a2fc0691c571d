import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operatorScopes } from "../../../kernel/security.ts";
import { Browser, codeOf, exchange, playerRequest, post, refresh, signInPlayer } from "../testing/browser.ts";
import { password, startOauthPlatform, type OauthPlatform } from "../testing/oauth.ts";

let platform: OauthPlatform;
let staffToken: string;
beforeAll(async () => {
  platform = await startOauthPlatform();
  const { units } = platform.kernel;
  const client = await units.write((unit) =>
    platform.users.createClient(unit, { name: "Staff", scopes: operatorScopes.admin }),
  );
  const answer = await post(platform.app, {
    grant_type: "client_credentials",
    client_id: client.clientId,
    client_secret: client.clientSecret,
  });
  staffToken = answer.json().access_token;
});
afterAll(() => platform.close());

/** What the verifier's cache still remembers is forgotten. */
const fiveSecondsLater = () => platform.clock.advance(5_001);

describe("a refresh token", () => {
  it("is replaced at each use, and a replay of an old one ends the whole family", async () => {
    const { email } = await platform.addViewer();
    const first = await signInPlayer(platform, email);
    const second = (await refresh(platform.app, first.refresh_token)).json();
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await platform.api(second.access_token, "/v1/whoami")).statusCode).toBe(200);
    const replay = await refresh(platform.app, first.refresh_token);
    expect(replay.statusCode).toBe(400);
    expect(replay.json().error).toBe("invalid_grant");
    expect((await refresh(platform.app, second.refresh_token)).json().error).toBe("invalid_grant");
    fiveSecondsLater();
    expect((await platform.api(second.access_token, "/v1/whoami")).statusCode).toBe(401);
  });

  it("used twice at the same time gives at most one answer, and no token that lasts", async () => {
    const { email } = await platform.addViewer();
    const { refresh_token } = await signInPlayer(platform, email);
    const answers = await Promise.all([1, 2, 3].map(() => refresh(platform.app, refresh_token)));
    const won = answers.filter(({ statusCode }) => statusCode === 200);
    expect(won.length).toBeLessThanOrEqual(1);
    for (const answer of won) {
      expect((await refresh(platform.app, answer.json().refresh_token)).statusCode).toBe(400);
    }
  });

  it("works for its own client only, and for no more scopes than it has", async () => {
    const { email } = await platform.addViewer();
    const browser = new Browser(platform.app, platform.kernel.publicUrl);
    const request = playerRequest(platform.kernel.publicUrl, { scope: "account" });
    const landed = await browser.signIn(await browser.open(request.url), email);
    const { refresh_token } = (await exchange(platform.app, codeOf(landed), request)).json();
    expect((await refresh(platform.app, refresh_token, "flix-cli")).json().error).toBe("invalid_grant");
    const wider = await post(platform.app, {
      grant_type: "refresh_token",
      client_id: "flix-player",
      refresh_token,
      scope: "account playback",
    });
    expect(wider.json().error).toBe("invalid_scope");
    expect((await refresh(platform.app, refresh_token)).json().scope).toBe("account");
  });

  it("is nowhere in the database, nor is any other secret of a sign-in", async () => {
    const { email } = await platform.addViewer();
    const browser = new Browser(platform.app, platform.kernel.publicUrl);
    const { refresh_token } = await signInPlayer(platform, email, browser);
    const { root } = platform.kernel.database("users");
    const { rows } = await sql<{ text: string }>`
      select (t.*)::text as text from users.oauth_records t
      union all select (k.*)::text from users.signing_keys k
      union all select (a.*)::text from users.accounts a`.execute(root);
    const dump = rows.map(({ text }) => text).join("\n");
    const plain = Buffer.from(refresh_token).toString("hex");
    for (const secret of [refresh_token, plain, browser.cookie("flix_session") ?? "none", password]) {
      expect(dump).not.toContain(secret);
    }
    expect(dump).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
  });
});

describe("what ends a person's sign-ins", () => {
  it("a changed password, for every device", async () => {
    const viewer = await platform.addViewer();
    const [phone, tv] = [
      await signInPlayer(platform, viewer.email),
      await signInPlayer(platform, viewer.email),
    ];
    const changed = await platform.api(phone.access_token, `/v1/accounts/${viewer.id}/password`, {
      method: "POST",
      body: { current_password: password, new_password: "staple battery horse correct" },
    });
    expect(changed.statusCode).toBe(204);
    for (const { refresh_token } of [phone, tv]) {
      expect((await refresh(platform.app, refresh_token)).json().error).toBe("invalid_grant");
    }
  });

  it("a suspension, within 5 s for the access token", async () => {
    const viewer = await platform.addViewer();
    const tokens = await signInPlayer(platform, viewer.email);
    const suspended = await platform.api(staffToken, `/v1/accounts/${viewer.id}/suspend`, {
      method: "POST",
      body: { reason: "Chargeback" },
    });
    expect(suspended.statusCode).toBe(200);
    fiveSecondsLater();
    const refused = await platform.api(tokens.access_token, `/v1/accounts/${viewer.id}`);
    expect(refused.json()).toMatchObject({ status: 403, code: "account_suspended" });
    expect((await refresh(platform.app, tokens.refresh_token)).json().error).toBe("invalid_grant");
  });

  it("the account's deletion", async () => {
    const viewer = await platform.addViewer();
    const tokens = await signInPlayer(platform, viewer.email);
    const url = `/v1/accounts/${viewer.id}`;
    expect((await platform.api(tokens.access_token, url, { method: "DELETE" })).statusCode).toBe(204);
    fiveSecondsLater();
    expect((await platform.api(tokens.access_token, url)).json().code).toBe("invalid_token");
    expect((await refresh(platform.app, tokens.refresh_token)).statusCode).toBe(400);
    expect((await platform.api(staffToken, url)).json().code).toBe("account_not_found");
  });
});

it("the clean-up job forgets what has expired and nothing else", async () => {
  const { email } = await platform.addViewer();
  const { refresh_token } = await signInPlayer(platform, email);
  await platform.runJob("users.forget-expired-sign-ins");
  const next = (await refresh(platform.app, refresh_token)).json();
  const count = async () => {
    const { root } = platform.kernel.database("users");
    const { rows } = await sql<{ count: number }>`select count(*)::int from users.oauth_records`.execute(
      root,
    );
    return rows[0]?.count;
  };
  expect(await count()).toBeGreaterThan(0);
  platform.clock.advance(366 * 86_400_000);
  await platform.runJob("users.forget-expired-sign-ins");
  expect(await count()).toBe(0);
  platform.clock.set(new Date());
  expect((await refresh(platform.app, next.refresh_token)).statusCode).toBe(400);
});
