import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { operator, viewer } from "../../testing/people.ts";
import { holdClock } from "../../testing/platform.ts";
import { FlixError } from "./errors.ts";
import { forgetIdempotencyKeys, once, type IdempotentRequest, type StoredAnswer } from "./idempotency.ts";
import { createIds } from "./ids.ts";
import { openKernelDatabase, type KernelDatabase } from "./testing/kernel-database.ts";
import { createUnits, type Unit } from "./unit.ts";

const clock = holdClock();
const units = createUnits({ clock, ids: createIds(clock) });
const request: IdempotentRequest = {
  key: "key-1",
  principal: viewer("acc_1"),
  operationId: "createSubscription",
  payload: [{}, {}, { plan_id: "pln_1" }],
};
const created: StoredAnswer = { status: 201, body: { id: "sub_1" }, headers: { location: "/v1/x" } };
let database: KernelDatabase;

beforeAll(async () => {
  database = await openKernelDatabase();
});
afterEach(() => sql`truncate test.notes, kernel.idempotency_keys`.execute(database.root));
afterAll(() => database.close());

test("of many requests with one key at once exactly one takes effect; the others are told to wait or get its answer", async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, () => ask(request, subscribe("once"))),
  );
  expect(await database.texts()).toEqual(["once"]);
  const answers = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  for (const { replayed: _, ...answer } of answers) expect(answer).toEqual(created);
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") continue;
    expect(outcome.reason).toMatchObject({ code: "idempotency_in_flight", headers: { "retry-after": "1" } });
  }
});

test("a repeat while the first still runs is told so, and one after it gets the answer", async () => {
  const { promise: running, resolve: runs } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const first = ask(request, async (unit) => {
    runs();
    await released;
    return subscribe("slow")(unit);
  });
  await running;
  await expect(ask(request, subscribe("again"))).rejects.toMatchObject({ code: "idempotency_in_flight" });
  release();
  expect(await first).toEqual({ ...created, replayed: false });
  expect(await ask(request, subscribe("again"))).toEqual({ ...created, replayed: true });
  expect(await database.texts()).toEqual(["slow"]);
});

test("a crash before the commit leaves neither effect, record nor lock; the repeat does the work", async () => {
  const crashing = ask(request, async (unit) => {
    const answer = await subscribe("lost")(unit);
    await database.cutConnections();
    return answer;
  });
  await expect(crashing).rejects.toThrow();
  expect(await database.texts()).toEqual([]);
  expect(await ask(request, subscribe("kept"))).toEqual({ ...created, replayed: false });
  expect(await database.texts()).toEqual(["kept"]);
});

test("a request that failed may be sent again with its key", async () => {
  const declined = ask(request, async (unit) => {
    await subscribe("declined")(unit);
    throw new FlixError("payment_declined");
  });
  await expect(declined).rejects.toMatchObject({ code: "payment_declined" });
  expect(await ask(request, subscribe("paid"))).toMatchObject({ replayed: false });
  expect(await database.texts()).toEqual(["paid"]);
});

test.each([
  ["another body", { payload: [{}, {}, { plan_id: "pln_2" }] }],
  ["another operation", { operationId: "createPlan" }],
])("a key that comes back with %s is refused", async (_, change) => {
  await ask(request, subscribe("first"));
  await expect(ask({ ...request, ...change }, subscribe("second"))).rejects.toMatchObject({
    code: "idempotency_key_reused",
    status: 422,
  });
  expect(await database.texts()).toEqual(["first"]);
});

test("keys belong to their caller", async () => {
  await ask(request, subscribe("first"));
  for (const principal of [viewer("acc_2"), operator("admin", "acc_1"), { kind: "anonymous" } as const]) {
    expect(await ask({ ...request, principal }, subscribe(JSON.stringify(principal)))).toMatchObject({
      replayed: false,
    });
  }
  expect(await database.texts()).toHaveLength(4);
});

test("a key is kept for 24 hours, and forgotten by the background job", async () => {
  const countKeys = async () => {
    const { rows } = await sql<{ count: number }>`select count(*) from kernel.idempotency_keys`.execute(
      database.root,
    );
    return rows[0]?.count;
  };
  await ask(request, subscribe("first"));
  clock.advance(24 * 3_600_000 - 1);
  await forgetIdempotencyKeys(database.root, clock);
  expect(await countKeys()).toBe(1);
  expect(await ask(request, subscribe("second"))).toMatchObject({ replayed: true });
  clock.advance(1);
  expect(await ask(request, subscribe("third"))).toMatchObject({ replayed: false });
  clock.advance(24 * 3_600_000);
  await forgetIdempotencyKeys(database.root, clock);
  expect(await countKeys()).toBe(0);
  expect(await database.texts()).toEqual(["first", "third"]);
});

test("any answer is replayed as the same JSON, byte for byte", async () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  await fc.assert(
    fc.asyncProperty(fc.uuid(), json, async (key, body) => {
      const keyed = { ...request, key };
      const answer = { status: 201, body: { at: clock.now(), none: undefined, body }, headers: {} };
      const first = await ask(keyed, async () => answer);
      const second = await ask(keyed, async () => created);
      expect(second.replayed).toBe(true);
      expect(JSON.stringify(second.body)).toBe(JSON.stringify(first.body));
    }),
    { numRuns: 30 },
  );
});

test("an answer with a secret is not readable in the table, nor is the payload", async () => {
  const secret = "s3cr3t-of-a-client";
  await ask({ ...request, payload: secret }, async () => ({ ...created, body: { client_secret: secret } }));
  const { rows } = await sql<{ row: string }>`
    select encode(key_hash || fingerprint || answer, 'escape') as row from kernel.idempotency_keys`.execute(
    database.root,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).not.toContain(secret);
});

function ask(asked: IdempotentRequest, work: (unit: Unit) => Promise<StoredAnswer>) {
  return units.write((unit) => {
    const kernel = unit.on<object>({ module: "kernel", root: database.root });
    return once(kernel, asked, clock, () => work(unit));
  });
}

function subscribe(text: string): (unit: Unit) => Promise<StoredAnswer> {
  return async (unit) => {
    await unit.on(database.notes).insertInto("notes").values({ text }).execute();
    return created;
  };
}
