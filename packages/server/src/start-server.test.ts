import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import pino from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import type { TestDatabase } from "../testing/empty-database.ts";
import { readConfig } from "./config.ts";
import { freePort } from "./engines/postgres/address.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./engines/postgres/index.ts";
import { startServer, type RunningServer } from "./start-server.ts";

let folder: string;
const servers: RunningServer[] = [];
const databases: TestDatabase[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flix-start-"));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  for (const database of databases.splice(0)) await database.drop();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("DATABASE_URL: everything is kept there, nothing is started beside it, and stopping twice is harmless", async () => {
  const database = await emptyDatabase();
  const steps: string[] = [];
  const server = await start({ DATABASE_URL: database.connectionString }, (step) => steps.push(step));
  expect(steps).toEqual(["database", "migrations", "listen"]);
  const asAdmin = await signIn(server);
  const title = await asAdmin("POST", "/v1/titles", { kind: "film", title: "Sintel" });
  expect(title.status).toBe(201);
  expect(await query(database, "select title from catalog.titles")).toEqual([{ title: "Sintel" }]);
  await Promise.all([server.stop(), server.stop()]);
  await expect(fetch(`${server.url}/livez`)).rejects.toThrow("fetch failed");

  const again = await start({ DATABASE_URL: database.connectionString });
  const asAdminAgain = await signIn(again);
  expect((await asAdminAgain("GET", `/v1/titles/${String(title.body["id"])}`)).body["title"]).toBe("Sintel");
});

test("FLIX_MODULES: other modules' routes are not there, and what is served needs none of them", async () => {
  const { connectionString } = await emptyDatabase();
  const whole = await start({ DATABASE_URL: connectionString });
  const port = await freePort();
  await start({
    DATABASE_URL: connectionString,
    FLIX_MODULES: "ops,catalog",
    FLIX_PUBLIC_URL: whole.url,
    FLIX_PORT: String(port),
  });
  const token = await tokenOf(whole);
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } });
  for (const path of ["/livez", "/readyz", "/v1/version", "/v1/titles", "/v1/genres", "/docs/errors"]) {
    expect((await ask(path)).status, path).toBe(200);
  }
  for (const path of [
    "/v1/accounts",
    "/v1/plans",
    "/v1/ingest-jobs",
    "/v1/reports/playback",
    "/oauth/jwks",
    "/media/x",
  ]) {
    const response = await ask(path);
    expect(response.status, path).toBe(404);
    expect(await response.json()).toMatchObject({ code: "not_found" });
  }
});

test("FLIX_BILLING_DATABASE_URL: billing lives on a database of its own, and a subscription works across both", async () => {
  const [shared, billing] = [await emptyDatabase(), await emptyDatabase()];
  const server = await start({
    DATABASE_URL: shared.connectionString,
    FLIX_BILLING_DATABASE_URL: billing.connectionString,
  });
  const asAdmin = await signIn(server);
  const account = await asAdmin("POST", "/v1/accounts", {
    email: "ada@example.com",
    name: "Ada",
    country: "DE",
  });
  const price = { amount: 999, currency: "EUR" };
  const plan = await asAdmin("POST", "/v1/plans", {
    name: "Basic",
    price,
    interval: "month",
    max_streams: 2,
    max_height: 1080,
  });
  expect([account.status, plan.status]).toEqual([201, 201]);
  const account_id = String(account.body["id"]);
  const subscription = await asAdmin("POST", "/v1/subscriptions", {
    account_id,
    plan_id: plan.body["id"],
    payment_method: "pm_card_visa",
  });
  expect(subscription.body).toMatchObject({ state: "active" });
  const schemas = "select 1 as there from information_schema.schemata where schema_name = $1";
  expect(await query(billing, schemas, ["billing"])).toHaveLength(1);
  expect(await query(billing, schemas, ["users"])).toHaveLength(0);
  expect(await query(shared, schemas, ["billing"])).toHaveLength(0);

  // The event of users' database reaches the listener in billing's.
  expect((await asAdmin("DELETE", `/v1/accounts/${account_id}`)).status).toBe(204);
  const state = () => query(billing, "select state from billing.subscriptions");
  await expect.poll(state, { timeout: 15_000 }).not.toEqual([{ state: "active" }]);
});

test("two servers that start at once on an empty database both come up", async () => {
  const { connectionString } = await emptyDatabase();
  const both = await Promise.all(
    [1, 2].map(() => start({ DATABASE_URL: connectionString, FLIX_SECRET: "0f".repeat(32) })),
  );
  for (const { url } of both) expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const [first, second] = both;
  if (!first || !second) throw new Error("Two were started");
  const [asFirst, asSecond] = [await signIn(first), await signIn(second)];
  const title = await asFirst("POST", "/v1/titles", { kind: "film", title: "Sintel" });
  expect((await asSecond("GET", `/v1/titles/${String(title.body["id"])}`)).status).toBe(200);
});

test("a host that is no address of this machine is refused", async () => {
  await expect(start({ FLIX_HOST: "192.0.2.1" })).rejects.toMatchObject({ code: "host_not_available" });
});

describe("a database that goes away", () => {
  const directory = () => join(folder, "away");
  let postgres: EmbeddedPostgres;
  let server: RunningServer;
  beforeAll(async () => {
    postgres = await startEmbeddedPostgres({ directory: directory(), settings: { fsync: "off" } });
  });
  afterAll(() => postgres.stop());

  test("while it is away requests are told to come back, readiness names it, the process is alive; then all is well", async () => {
    server = await start({ DATABASE_URL: postgres.connectionString });
    const asAdmin = await signIn(server);
    expect((await asAdmin("POST", "/v1/titles", { kind: "film", title: "Before" })).status).toBe(201);
    for (let round = 0; round < 2; round += 1) {
      const ended = new AbortController();
      const busy = Array.from({ length: 4 }, () => createUntil(asAdmin, ended.signal));
      await Promise.all(busy.map(({ first }) => first));
      await postgres.stop();
      // More of them than the pool has connections, some in the middle of things.
      const answers = await Promise.all([
        ...Array.from({ length: 15 }, () => asAdmin("GET", `/v1/titles?year=${2001 + round}`)),
        ...Array.from({ length: 15 }, () =>
          asAdmin("POST", "/v1/titles", { kind: "film", title: "While away" }),
        ),
      ]);
      for (const { status, body, headers } of answers) {
        expect([status, body["code"], headers.get("retry-after")]).toEqual([503, "unavailable", "5"]);
      }
      const readyz = await fetch(`${server.url}/readyz`);
      expect(readyz.status).toBe(503);
      expect(await readyz.json()).toMatchObject({ code: "unavailable", detail: "postgres" });
      expect((await fetch(`${server.url}/livez`)).status).toBe(200);

      postgres = await startEmbeddedPostgres({ directory: directory(), settings: { fsync: "off" } });
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
      const after = await Promise.all(
        Array.from({ length: 15 }, () => asAdmin("POST", "/v1/titles", { kind: "film", title: "After" })),
      );
      for (const { status } of after) expect(status).toBe(201);
      ended.abort();
      for (const { statuses } of busy) expect(new Set(await statuses)).toEqual(new Set([201, 503]));
    }
    const { body } = await asAdmin("GET", "/v1/titles?q=While%20away");
    expect(body["data"]).toEqual([]);
  });
});

/** Creates one title after the other, whatever the answers are. */
function createUntil(asAdmin: Awaited<ReturnType<typeof signIn>>, signal: AbortSignal) {
  const create = async () =>
    (await asAdmin("POST", "/v1/titles", { kind: "film", title: "On and on" })).status;
  const first = create();
  const statuses = (async () => {
    const seen = [await first];
    while (!signal.aborted) seen.push(await create());
    return seen;
  })();
  return { first, statuses };
}

async function start(
  environment: Record<string, string>,
  onStep?: (step: string) => void,
): Promise<RunningServer> {
  const config = readConfig({
    FLIX_PORT: "0",
    FLIX_DATA: join(folder, "data"),
    FLIX_RATE_LIMIT: "100000",
    ...environment,
  });
  const server = await startServer({ config, log: pino({ level: "silent" }), ...(onStep ? { onStep } : {}) });
  servers.push(server);
  return server;
}

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase(async () => {}, { template: "empty" });
  databases.push(database);
  return database;
}

async function query(
  { connectionString }: TestDatabase,
  text: string,
  values: string[] = [],
): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return (await client.query(text, values).finally(() => client.end())).rows;
}

async function tokenOf(server: RunningServer): Promise<string> {
  const { clientId, clientSecret } = await server.provisionLocalOperator();
  const response = await fetch(`${server.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      scope:
        "catalog:read catalog:write users:read users:write billing:read billing:write media:read analytics:read",
      resource: server.url,
    }),
  });
  return String(Reflect.get(Object(await response.json()), "access_token"));
}

async function signIn(server: RunningServer) {
  const token = await tokenOf(server);
  return async (method: string, path: string, body?: object) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json().catch(() => ({}));
    return { status: response.status, headers: response.headers, body: answer as Record<string, unknown> };
  };
}
