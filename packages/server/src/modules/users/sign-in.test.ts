import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser, playerRequest } from "./testing/browser.ts";
import { newEmail, password, startOauthPlatform, type OauthPlatform } from "./testing/oauth.ts";

let platform: OauthPlatform;
let publicUrl: string;
beforeAll(async () => {
  platform = await startOauthPlatform();
  ({ publicUrl } = platform.kernel);
});
afterAll(() => platform.close());

let lastAddress = 0;
/** From an address of its own, so that one test's attempts do not count in another. */
function newBrowser(): Browser {
  lastAddress += 1;
  return new Browser(platform.app, publicUrl, `198.51.100.${lastAddress}`);
}

async function attempt(browser: Browser, email: string, guess: string) {
  const page = await browser.open(playerRequest(publicUrl).url);
  return browser.signIn(page, email, guess);
}

const withoutIds = (text: string) => text.replaceAll(/interaction\/[\w-]+/g, "interaction/...");

describe("the sign-in page", () => {
  it("answers an unknown address and a wrong password alike", async () => {
    const { email } = await platform.addViewer("known-address@example.org");
    const unknown = "other-address@example.org";
    const [wrong, nobody] = [
      await attempt(newBrowser(), email, "wrong password"),
      await attempt(newBrowser(), unknown, "wrong password"),
    ];
    expect(wrong.response.statusCode).toBe(422);
    expect(nobody.response.statusCode).toBe(422);
    expect(withoutIds(wrong.body).replaceAll(email, "")).toBe(
      withoutIds(nobody.body).replaceAll(unknown, ""),
    );
    const shape = ({ response }: typeof wrong) =>
      Object.keys(response.headers)
        .filter((name) => name !== "date")
        .toSorted();
    expect(shape(wrong)).toEqual(shape(nobody));
  });

  it("works without scripts, is not cached, not framed, and loads nothing", async () => {
    const page = await newBrowser().open(playerRequest(publicUrl).url);
    expect(page.body).not.toMatch(/<script|<link|src=|@import|url\(/);
    expect(page.response.headers).toMatchObject({ "cache-control": "no-store" });
    expect(page.response.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  });

  it("escapes what was typed", async () => {
    const page = await attempt(newBrowser(), `"><script>alert(1)</script>@example.org`, "wrong password");
    expect(page.body).not.toContain("<script");
  });

  it("tells who knows the password that the account is suspended, and nobody else", async () => {
    const viewer = await platform.addViewer();
    const { kernel } = platform;
    await kernel
      .database("users")
      .root.withTables<{ "users.accounts": { id: string; state: string; suspended_at: Date } }>()
      .updateTable("users.accounts")
      .set({ state: "suspended", suspended_at: new Date() })
      .where("id", "=", viewer.id)
      .execute();
    expect((await attempt(newBrowser(), viewer.email, "wrong password")).body).not.toContain("suspended");
    const told = await attempt(newBrowser(), viewer.email, password);
    expect(told.response.statusCode).toBe(403);
    expect(told.body).toContain("suspended");
  });

  it("refuses a password of 10 KB before it hashes", async () => {
    const { email } = await platform.addViewer();
    const answer = await attempt(newBrowser(), email, "x".repeat(10_240));
    expect(answer.response.statusCode).toBe(400);
  });

  it("does not let an operator into the player", async () => {
    const { email } = await platform.addOperator("admin");
    expect((await attempt(newBrowser(), email, password)).response.statusCode).toBe(422);
  });

  it("belongs to the browser that started it, and to its own site", async () => {
    const page = await newBrowser().open(playerRequest(publicUrl).url);
    const url = /action="([^"]+)"/.exec(page.body)?.[1] ?? "";
    expect((await platform.app.inject({ url })).statusCode).toBe(400);
    const cookie = page.response.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const foreign = await platform.app.inject({
      method: "POST",
      url,
      headers: {
        cookie,
        "sec-fetch-site": "cross-site",
        "content-type": "application/x-www-form-urlencoded",
      },
      payload: "email=a%40example.org&password=x",
    });
    expect(foreign.statusCode).toBe(400);
  });
});

describe("guesses are stopped before they cost a hash", () => {
  it("of one name from many addresses, until some time has passed", async () => {
    const email = newEmail();
    const statuses: number[] = [];
    let retryAfter: unknown;
    for (let guess = 0; guess < 12; guess += 1) {
      const { response } = await attempt(newBrowser(), email, "wrong password");
      statuses.push(response.statusCode);
      retryAfter = response.headers["retry-after"];
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(422));
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    platform.clock.advance(31_000);
    expect((await attempt(newBrowser(), email, "wrong password")).response.statusCode).toBe(422);
  });

  it("of many names from one address, though it forges X-Forwarded-For", async () => {
    const browser = newBrowser();
    let status = 0;
    for (let guess = 0; guess < 31; guess += 1) {
      ({ statusCode: status } = (await attempt(browser, newEmail(), "wrong password")).response);
    }
    expect(status).toBe(429);
    expect((await attempt(newBrowser(), newEmail(), "wrong password")).response.statusCode).toBe(422);
  });
});
