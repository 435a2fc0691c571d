import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  alone,
  machineClient,
  operator,
  startTestPlatform,
  viewer,
  type TestPlatform,
} from "../../../../testing/index.ts";
import { createUsers } from "../index.ts";
import { newEmail, password } from "../testing/oauth.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({
    compose: (kernel) => [createUsers(kernel).module],
    environment: { ...alone, FLIX_MODULES: "users" },
  });
});
afterAll(() => platform.close());

const someone = { name: "Ada Lovelace", country: "GB", language: "en-GB" };
const asAdmin = () => platform.as(operator());

async function addAccount(draft: Record<string, unknown> = {}) {
  const answer = await asAdmin().post("/v1/accounts", { body: { ...someone, email: newEmail(), ...draft } });
  expect(answer.statusCode).toBe(201);
  return answer.json();
}

async function eventsOf(accountId: string): Promise<{ type: string; data: unknown }[]> {
  const { root } = platform.kernel.database("users");
  const { rows } = await sql<{ type: string; data: unknown }>`
    select type, data from kernel.events where account_id = ${accountId} order by position`.execute(root);
  return rows;
}

describe("signing up", () => {
  it("makes an account with a profile that bears its name", async () => {
    const email = newEmail();
    const answer = await platform.as().post("/v1/accounts", { body: { ...someone, email, password } });
    expect(answer.statusCode).toBe(201);
    const account = answer.json();
    expect(account).toMatchObject({ ...someone, email, state: "active", etag: '"1"' });
    expect(account).not.toHaveProperty("password_hash");
    const profiles = await platform.as(viewer(account.id)).get(`/v1/accounts/${account.id}/profiles`);
    expect(profiles.json().data).toMatchObject([
      { name: "Ada Lovelace", language: "en-GB", maturity_limit: 21, is_child: false },
    ]);
    expect(await eventsOf(account.id)).toEqual([
      { type: "account.created", data: { country: "GB", language: "en-GB" } },
    ]);
  });

  it("needs a password of 8 to 256 characters, except when staff does it", async () => {
    const body = { ...someone, email: newEmail() };
    expect((await platform.as().post("/v1/accounts", { body })).json().code).toBe("password_required");
    for (const wrong of ["short", "x".repeat(10_240)]) {
      const answer = await platform.as().post("/v1/accounts", { body: { ...body, password: wrong } });
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ pointer: "/password" }] });
    }
    expect((await asAdmin().post("/v1/accounts", { body })).statusCode).toBe(201);
  });

  it("refuses a taken address in any case, and fields that are not a viewer's to set", async () => {
    const { email } = await addAccount();
    const taken = await platform
      .as()
      .post("/v1/accounts", { body: { ...someone, password, email: email.toUpperCase() } });
    expect(taken.json()).toMatchObject({ status: 409, code: "email_taken" });
    for (const extra of [{ role: "admin" }, { state: "active" }, { plan: "premium" }, { id: "acc_1" }]) {
      const answer = await platform
        .as()
        .post("/v1/accounts", { body: { ...someone, password, email: newEmail(), ...extra } });
      expect(answer.json().code).toBe("invalid_request");
    }
  });

  it("costs an address that does it often, and changes nothing when only validating", async () => {
    const email = newEmail();
    const check = await asAdmin().post("/v1/accounts?validate_only=true", { body: { ...someone, email } });
    expect(check.statusCode).toBe(201);
    expect((await asAdmin().get(`/v1/accounts?q=${email}`)).json().data).toEqual([]);
    let last = check;
    for (let round = 0; round < 31 && last.statusCode !== 429; round += 1) {
      last = await platform
        .as()
        .post("/v1/accounts?validate_only=true", { body: { ...someone, email, password } });
    }
    expect(last.statusCode).toBe(429);
    expect(last.headers["retry-after"]).toBeTruthy();
    platform.clock.advance(120_000);
  });

  it("can be closed to everybody but staff", async () => {
    const closed = await startTestPlatform({
      compose: (kernel) => [createUsers(kernel, { signUp: "closed" }).module],
      environment: { FLIX_MODULES: "users" },
    });
    const body = { ...someone, email: newEmail(), password };
    expect((await closed.as().post("/v1/accounts", { body })).json().code).toBe("sign_up_closed");
    expect((await closed.as(operator()).post("/v1/accounts", { body })).statusCode).toBe(201);
    await closed.close();
  });
});

describe("listing accounts", () => {
  it("goes newest first to the end, in pages", async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      platform.clock.advance(1);
      made.unshift((await addAccount({ name: "Paged Person" })).id);
    }
    const seen: string[] = [];
    let cursor = "";
    for (let pages = 0; pages < 10; pages += 1) {
      const { data, next_cursor } = (
        await asAdmin().get(`/v1/accounts?q=paged%20person&page_size=2${cursor}`)
      ).json();
      seen.push(...data.map(({ id }: { id: string }) => id));
      if (next_cursor === undefined) break;
      cursor = `&cursor=${next_cursor}`;
    }
    expect(seen).toEqual(made);
  });

  it("finds a part of name or address, forgiving case and accents, and takes wildcards literally", async () => {
    const { id } = await addAccount({ name: "Zoë Ångström", email: "zoe.find_me@example.org" });
    const find = async (q: string) =>
      (await asAdmin().get(`/v1/accounts?q=${encodeURIComponent(q)}`))
        .json()
        .data.map((account: { id: string }) => account.id);
    for (const q of ["zoe ang", "ÅNGSTROM", "find_me@"]) expect(await find(q)).toEqual([id]);
    const { id: other } = await addAccount({ email: "another.zoe.find_me@example.org" });
    expect(new Set(await find("find_me@example.org"))).toEqual(new Set([id, other]));
    expect(await find(" Zoe.Find_me@example.org")).toEqual([id]);
    for (const q of ["%ngstr_m%", "org\nzoe", "\\"]) expect(await find(q)).toEqual([]);
  });

  it("is for staff, filters by state, and refuses a foreign cursor", async () => {
    const { id } = await addAccount();
    expect((await platform.as(viewer(id)).get("/v1/accounts")).json().code).toBe("insufficient_scope");
    expect((await platform.as(operator("publisher")).get("/v1/accounts")).statusCode).toBe(403);
    expect((await platform.as(machineClient(["users:read"])).get("/v1/accounts")).statusCode).toBe(200);
    await asAdmin().post(`/v1/accounts/${id}/suspend`, { body: { reason: "Fraud" } });
    const suspended = (await asAdmin().get("/v1/accounts?state=suspended")).json().data;
    expect(suspended.map((account: { id: string }) => account.id)).toEqual([id]);
    expect((await asAdmin().get("/v1/accounts?cursor=AAAA")).statusCode).toBe(400);
  });
});

describe("an account", () => {
  it("takes no text that the database cannot keep", async () => {
    const bodies = [{ name: "A\0da" }, { email: "a\0da@example.org" }];
    for (const body of bodies) {
      const answer = await asAdmin().post("/v1/accounts", {
        body: { ...someone, email: newEmail(), ...body },
      });
      expect(answer.json()).toMatchObject({ status: 400, code: "invalid_request" });
    }
    expect((await asAdmin().get("/v1/accounts?q=%00")).statusCode).toBe(400);
  });

  it("is its owner's and staff's; others are told that there is none", async () => {
    const [own, other] = [await addAccount(), await addAccount()];
    const url = `/v1/accounts/${own.id}`;
    expect((await platform.as(viewer(own.id)).get(url)).json().email).toBe(own.email);
    expect((await platform.as(operator("support")).get(url)).statusCode).toBe(200);
    const asOther = platform.as(viewer(other.id));
    const change = { body: { name: "Mine" }, headers: { "if-match": "*" } };
    for (const answer of [
      await asOther.get(url),
      await asOther.patch(url, change),
      await asOther.delete(url),
      await asOther.get(`${url}/profiles`),
      await asOther.post(`${url}/profiles`, { body: { name: "Mine" } }),
      await asOther.post(`${url}/password`, { body: { new_password: password } }),
    ]) {
      expect(answer.json()).toMatchObject({ status: 404, code: "account_not_found" });
    }
    expect((await asOther.post(`${url}/suspend`, { body: { reason: "x" } })).statusCode).toBe(403);
    expect((await platform.as(operator("publisher")).get(url)).statusCode).toBe(403);
    expect((await platform.as().get(url)).statusCode).toBe(401);
  });

  it("changes from a state that is known only", async () => {
    const { id, etag } = await addAccount();
    const asOwner = platform.as(viewer(id));
    const url = `/v1/accounts/${id}`;
    expect((await asOwner.patch(url, { body: { name: "Countess" } })).statusCode).toBe(428);
    const changed = await asOwner.patch(url, { body: { name: "Countess" }, headers: { "if-match": etag } });
    expect(changed.json()).toMatchObject({ name: "Countess", language: "en-GB", etag: '"2"' });
    const stale = await asOwner.patch(url, { body: { name: "Ada" }, headers: { "if-match": etag } });
    expect(stale.json().code).toBe("etag_stale");
  });

  it("keeps what signs in and what decides the territory to staff", async () => {
    const [{ id }, other] = [await addAccount(), await addAccount()];
    const url = `/v1/accounts/${id}`;
    const headers = { "if-match": "*" };
    for (const body of [{ email: newEmail() }, { country: "US" }]) {
      expect((await platform.as(viewer(id)).patch(url, { body, headers })).statusCode).toBe(403);
      expect((await asAdmin().patch(url, { body, headers })).json()).toMatchObject(body);
    }
    const taken = await asAdmin().patch(url, { body: { email: other.email }, headers });
    expect(taken.json().code).toBe("email_taken");
  });

  it("is suspended and restored once each, with a reason that only staff reads", async () => {
    const { id } = await addAccount();
    const url = `/v1/accounts/${id}`;
    const body = { reason: "Chargeback" };
    for (let twice = 0; twice < 2; twice += 1) {
      const suspended = await asAdmin().post(`${url}/suspend`, { body });
      expect(suspended.json()).toMatchObject({ state: "suspended", suspension_reason: "Chargeback" });
    }
    expect((await platform.as(viewer(id)).get(url)).json()).not.toHaveProperty("suspension_reason");
    const restored = await asAdmin().post(`${url}/restore`);
    expect(restored.json()).toMatchObject({ state: "active" });
    expect(restored.json()).not.toHaveProperty("suspended_at");
    expect((await asAdmin().post(`${url}/restore`)).statusCode).toBe(200);
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
      "account.created",
      "account.suspended",
      "account.restored",
    ]);
  });

  it("is deleted with its profiles, and says so", async () => {
    const { id } = await addAccount();
    const [profile] = (await asAdmin().get(`/v1/accounts/${id}/profiles`)).json().data;
    expect((await platform.as(viewer(id)).delete(`/v1/accounts/${id}`)).statusCode).toBe(204);
    expect((await asAdmin().get(`/v1/profiles/${profile.id}`)).json().code).toBe("profile_not_found");
    expect((await asAdmin().delete(`/v1/accounts/${id}`)).json().code).toBe("account_not_found");
    expect((await eventsOf(id)).at(-1)?.type).toBe("account.deleted");
  });

  it("proves its password before it gets another, and is stopped from guessing", async () => {
    const { id } = await addAccount({ password });
    const asOwner = platform.as(viewer(id));
    const change = (current_password?: string) =>
      asOwner.post(`/v1/accounts/${id}/password`, {
        body: {
          ...(current_password === undefined ? {} : { current_password }),
          new_password: "another one",
        },
      });
    expect((await change()).json().code).toBe("current_password_wrong");
    expect((await change("wrong one")).json().code).toBe("current_password_wrong");
    expect((await change(password)).statusCode).toBe(204);
    expect((await change(password)).json().code).toBe("current_password_wrong");
    let last = await change("wrong one");
    for (let guess = 0; guess < 10; guess += 1) last = await change("wrong one");
    expect(last.statusCode).toBe(429);
    const byStaff = await platform
      .as(operator("support"))
      .post(`/v1/accounts/${id}/password`, { body: { new_password: "set by support" } });
    expect(byStaff.statusCode).toBe(204);
  });
});
