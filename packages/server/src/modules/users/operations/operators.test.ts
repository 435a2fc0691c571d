import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  machineClient,
  operator,
  startTestPlatform,
  viewer,
  type TestPlatform,
} from "../../../../testing/index.ts";
import { createUsers, type Users } from "../index.ts";
import { newEmail, password } from "../testing/oauth.ts";

let platform: TestPlatform;
let users: Users;
beforeEach(async () => {
  platform = await startTestPlatform({
    compose: (kernel) => {
      users = createUsers(kernel);
      return [users.module];
    },
    environment: { FLIX_MODULES: "users" },
  });
});
afterEach(() => platform.close());

const asAdmin = () => platform.as(operator());
const ifMatch = { "if-match": "*" };

async function add(role: string, email = newEmail()) {
  const body = { email, password, name: "Grace Hopper", role };
  platform.clock.advance(1);
  const answer = await asAdmin().post("/v1/operators", { body });
  expect(answer.statusCode).toBe(201);
  return answer.json();
}

describe("operators", () => {
  it("are made, listed oldest first, changed and deleted by who may", async () => {
    const [first, second] = [await add("admin"), await add("publisher")];
    const { data, next_cursor } = (await asAdmin().get("/v1/operators?page_size=1")).json();
    expect(data).toEqual([first]);
    const rest = (await asAdmin().get(`/v1/operators?page_size=1&cursor=${next_cursor}`)).json();
    expect(rest).toEqual({ data: [second] });
    const url = `/v1/operators/${second.id}`;
    const changed = await asAdmin().patch(url, { body: { role: "support" }, headers: ifMatch });
    expect(changed.json()).toMatchObject({ role: "support", etag: '"2"' });
    expect((await asAdmin().delete(url)).statusCode).toBe(204);
    expect((await asAdmin().delete(url)).statusCode).toBe(404);
  });

  it("share no address among them, but may with an account", async () => {
    const email = newEmail();
    await add("support", email);
    const again = { email: email.toUpperCase(), password, name: "x", role: "support" };
    expect((await asAdmin().post("/v1/operators", { body: again })).json().code).toBe("email_taken");
    const account = { email, name: "x", country: "GB" };
    expect((await asAdmin().post("/v1/accounts", { body: account })).statusCode).toBe(201);
  });

  it("always have one active admin, even when two demote each other at the same time", async () => {
    const [one, two] = [await add("admin"), await add("admin")];
    const demote = (id: string) =>
      asAdmin().patch(`/v1/operators/${id}`, { body: { role: "support" }, headers: ifMatch });
    const statuses = (await Promise.all([demote(one.id), demote(two.id)])).map(
      ({ statusCode }) => statusCode,
    );
    expect(statuses.toSorted()).toEqual([200, 409]);
    const [last] = (await asAdmin().get("/v1/operators"))
      .json()
      .data.filter(({ role }: { role: string }) => role === "admin");
    const url = `/v1/operators/${last.id}`;
    const suspend = await asAdmin().patch(url, { body: { state: "suspended" }, headers: ifMatch });
    expect(suspend.json().code).toBe("last_admin");
    expect((await asAdmin().delete(url)).json().code).toBe("last_admin");
    expect((await asAdmin().patch(url, { body: { name: "Still" }, headers: ifMatch })).statusCode).toBe(200);
  });

  it("are nobody's business without operators:write", async () => {
    const people = [operator("support"), operator("publisher"), viewer("acc_01k9v3c4x5e6f7g8h9j0kmnpqr")];
    for (const person of people) {
      expect((await platform.as(person).get("/v1/operators")).statusCode).toBe(403);
      expect((await platform.as(person).get("/v1/clients")).statusCode).toBe(403);
    }
    expect((await platform.as().get("/v1/operators")).statusCode).toBe(401);
  });
});

describe("the first operator", () => {
  it("is made once, by whichever start comes first", async () => {
    const ensure = () =>
      platform.kernel.units.write((unit) =>
        users.ensureFirstOperator(unit, { email: "admin@example.org", name: "Admin" }),
      );
    const made = (await Promise.all([ensure(), ensure()])).filter(
      (operatorMade) => operatorMade !== undefined,
    );
    expect(made).toHaveLength(1);
    expect(made[0]?.password.length).toBeGreaterThanOrEqual(20);
    expect(await ensure()).toBeUndefined();
    const { data } = (await asAdmin().get("/v1/operators")).json();
    expect(data).toMatchObject([{ email: "admin@example.org", role: "admin" }]);
  });
});

describe("machine clients", () => {
  it("show their secret once", async () => {
    const body = { name: "Nightly", scopes: ["catalog:write", "media:write"] };
    const made = (await asAdmin().post("/v1/clients", { body })).json();
    expect(made).toMatchObject({ ...body, client_secret: expect.stringMatching(/^fxs_[\w-]{43}$/) });
    const { data } = (await asAdmin().get("/v1/clients")).json();
    expect(data).toEqual([{ id: made.client_id, ...body, created_at: made.created_at }]);
    expect((await asAdmin().delete(`/v1/clients/${made.client_id}`)).statusCode).toBe(204);
    expect((await asAdmin().get("/v1/clients")).json().data).toEqual([]);
  });

  it("answer a repeat of the same key with the same secret", async () => {
    const request = {
      body: { name: "Nightly", scopes: ["media:write"] },
      headers: { "idempotency-key": "once" },
    };
    const as = asAdmin();
    const [first, second] = [await as.post("/v1/clients", request), await as.post("/v1/clients", request)];
    expect(second.json()).toEqual(first.json());
    expect((await as.get("/v1/clients")).json().data).toHaveLength(1);
  });

  it("get no scope that their maker lacks, nor one that is no client's", async () => {
    const limited = platform.as(machineClient(["operators:write", "media:read"]));
    const more = { name: "More", scopes: ["media:read", "billing:write"] };
    expect((await limited.post("/v1/clients", { body: more })).json().code).toBe("insufficient_scope");
    for (const scopes of [["account"], ["everything"], [], ["media:read", "media:read"]]) {
      const answer = await asAdmin().post("/v1/clients", { body: { name: "x", scopes } });
      expect(answer.json().code).toBe("invalid_request");
    }
  });

  it("open nothing when the request only validates", async () => {
    const body = { name: "Dry", scopes: ["media:write"] };
    expect((await asAdmin().post("/v1/clients?validate_only=true", { body })).statusCode).toBe(201);
    expect((await asAdmin().get("/v1/clients")).json().data).toEqual([]);
  });
});
