import { sql } from "kysely";
import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillStock, subscribe, type Belongings, type Stock } from "./testing/belongings.ts";
import { operations, requestOf, toInject, type Named } from "./testing/contract-requests.ts";
import { addViewer, as, provisionRoot, type Person } from "./testing/people.ts";
import { startWholePlatform, type WholePlatform } from "./testing/whole-platform.ts";

let platform: WholePlatform;
let root: Person;
let stock: Stock;
let one: Person;
let other: Person;
let owned: Belongings;

beforeAll(async () => {
  platform = await startWholePlatform();
  root = await provisionRoot(platform);
  stock = await fillStock(platform, root);
  [one, other] = [await addViewer(platform), await addViewer(platform)];
  owned = await subscribe(platform, one, stock);
});
afterAll(() => platform?.close());

let keys = 0;
function newKey(): { "idempotency-key": string } {
  keys += 1;
  return { "idempotency-key": `key-${keys}` };
}

async function count(table: string): Promise<number> {
  const { root: database } = platform.kernel.database("billing");
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::integer as count from ${sql.table(table)}`.execute(database);
  return rows[0]?.count ?? -1;
}

/** Of answers to the same request at the same time: one did it, the others repeat it or are told to wait. */
function expectOneEffect(answers: LightMyRequestResponse[], status: number): void {
  const done = answers.filter(({ statusCode }) => statusCode === status);
  const first = done.filter(({ headers }) => headers["idempotent-replayed"] === undefined);
  expect(first).toHaveLength(1);
  expect(new Set(done.map(({ body }) => body)).size).toBe(1);
  for (const answer of answers.filter(({ statusCode }) => statusCode !== status)) {
    expect(answer.json()).toMatchObject({ status: 409, code: "idempotency_in_flight" });
    expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
  }
}

describe("requests with one key at the same time", () => {
  it("charge an account once", async () => {
    const buyer = await addViewer(platform);
    const before = await count("billing.invoices");
    const body = { account_id: buyer.id, plan_id: stock.plan_id, payment_method: "pm_card_visa" };
    const request = { body, headers: newKey() };
    const subscribing = Array.from({ length: 8 }, () =>
      as(platform, buyer).post("/v1/subscriptions", request),
    );
    expectOneEffect(await Promise.all(subscribing), 201);
    expect(await count("billing.invoices")).toBe(before + 1);
    const again = await as(platform, buyer).post("/v1/subscriptions", request);
    expect([again.statusCode, again.headers["idempotent-replayed"]]).toEqual([201, "true"]);
  });

  it("make one title, one session and one client whose secret all of them get", async () => {
    const requests: [Person, string, object, string][] = [
      [root, "/v1/titles", { kind: "film", title: "Once" }, "catalog.titles"],
      [root, "/v1/clients", { name: "Once", scopes: ["media:read"] }, "users.clients"],
      [
        one,
        "/v1/playback-sessions",
        { profile_id: owned.profile_id, title_id: stock.title_id, device: { id: "tv-7", kind: "tv" } },
        "playback.sessions",
      ],
    ];
    for (const [person, url, body, table] of requests) {
      const before = await count(table);
      const request = { body, headers: newKey() };
      const asking = Array.from({ length: 6 }, () => as(platform, person).post(url, request));
      expectOneEffect(await Promise.all(asking), 201);
      expect(await count(table)).toBe(before + 1);
    }
  });
});

describe("a key", () => {
  it("is its account's own: another's same key does its own work and tells nothing of the first", async () => {
    const headers = newKey();
    const create = (person: Person) =>
      as(platform, person).post(`/v1/accounts/${person.id}/profiles`, { body: { name: "Kid" }, headers });
    const [mine, theirs] = await Promise.all([create(one), create(other)]);
    expect([mine.statusCode, theirs.statusCode]).toEqual([201, 201]);
    expect(mine.json().id).not.toBe(theirs.json().id);
    expect((await create(other)).json().id).toBe(theirs.json().id);
  });

  it("does not stand for another request: another body, resource or operation is refused", async () => {
    const headers = newKey();
    const ask = as(platform, root);
    const body = { kind: "film", title: "First" };
    expect((await ask.post("/v1/titles", { body, headers })).statusCode).toBe(201);
    const asking = [
      () => ask.post("/v1/titles", { body: { kind: "film", title: "Second" }, headers }),
      () => ask.post(`/v1/titles/${stock.title_id}/unpublish`, { headers }),
      () => ask.post(`/v1/titles/${stock.title_id}/publish`, { headers }),
    ];
    for (const again of asking) {
      expect((await again()).json()).toMatchObject({ status: 422, code: "idempotency_key_reused" });
    }
  });

  it("is free again after a refusal, which changed nothing", async () => {
    const headers = newKey();
    const ask = as(platform, root);
    const taken = await ask.post("/v1/titles", { body: { kind: "episode", title: "Homeless" }, headers });
    expect(taken.statusCode).toBe(422);
    const mended = await ask.post("/v1/titles", { body: { kind: "film", title: "At home" }, headers });
    expect(mended.statusCode).toBe(201);
  });

  it("does nothing when the request only validates", async () => {
    const headers = newKey();
    const ask = as(platform, root);
    const body = { kind: "film", title: "Tried, then done" };
    expect((await ask.post("/v1/titles?validate_only=true", { body, headers })).statusCode).toBe(201);
    const done = await ask.post("/v1/titles", { body, headers });
    expect([done.statusCode, done.headers["idempotent-replayed"]]).toEqual([201, undefined]);
  });

  it("that is empty or too long is refused by every operation that takes one", async () => {
    const named: Named = { ...stock, ...owned };
    const taking = operations.filter(({ parameters }) =>
      parameters.some(({ name }) => name === "Idempotency-Key"),
    );
    expect(taking.length).toBeGreaterThan(20);
    for (const operation of taking) {
      for (const key of ["", "x".repeat(256)]) {
        const valid = requestOf(operation, named, platform.clock.now());
        const request = { ...valid, headers: { ...valid.headers, "idempotency-key": key } };
        const own = operation.access.scopeSets.some(([scope]) => scope === "account" || scope === "playback");
        const answer = await platform.app.inject(toInject(request, own ? one : root));
        expect([answer.statusCode, answer.json().code], operation.operationId).toEqual([
          400,
          "invalid_request",
        ]);
      }
    }
  });
});
