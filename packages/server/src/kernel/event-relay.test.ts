import pino from "pino";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { holdClock } from "../../testing/platform.ts";
import type { StreamMessage } from "../engines/events/event-stream.ts";
import { EventRelay } from "./event-relay.ts";
import { createIds } from "./ids.ts";
import { openKernelDatabase, type KernelDatabase } from "./testing/kernel-database.ts";
import { createUnits } from "./unit.ts";

const clock = holdClock();
const units = createUnits({ clock, ids: createIds(clock) });
let database: KernelDatabase;
let broker: StreamMessage[] = [];

beforeAll(async () => {
  database = await openKernelDatabase();
});
afterEach(async () => {
  broker = [];
  await sql`truncate kernel.events, kernel.event_listeners`.execute(database.root);
});
afterAll(() => database.close());

test("events go out in the order of the log, as the contract has them, once", async () => {
  const relay = relayTo(async (messages) => void broker.push(...messages));
  await publish(450);
  await relayAll(relay, 450);
  await relay.relay();
  expect(numbers()).toEqual(Array.from({ length: 450 }, (_, index) => index));
  const { key, value, headers } = broker[0] ?? { key: "", value: "{}", headers: {} };
  const event = JSON.parse(value);
  expect(event).toEqual({
    id: expect.stringMatching(/^evt_/),
    type: "test.noted",
    occurred_at: "2026-11-22T12:00:00.000Z",
    account_id: "acc_1",
    data: { number: 0 },
  });
  expect([key, headers]).toEqual(["acc_1", { id: event.id, type: "test.noted" }]);
});

test("what the broker did not take goes out again, from the same place", async () => {
  let gone = true;
  const relay = relayTo(async (messages) => {
    broker.push(...messages.slice(0, gone ? 2 : undefined));
    if (gone) throw new Error("the broker is gone");
  });
  await publish(3);
  await expect.poll(() => relay.relay().catch((error: Error) => error.message)).toBe("the broker is gone");
  gone = false;
  broker = [];
  await relay.relay();
  expect(numbers()).toEqual([0, 1, 2]);
});

test("of two processes one relays, and a slow broker holds back no reader of the log", async () => {
  const { promise: taken, resolve: take } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const slow = relayTo(async (messages) => {
    broker.push(...messages);
    reach();
    await taken;
  });
  await publish(1);
  const relaying = relayAll(slow, 1);
  await reached;
  await relayTo(async () => expect.fail("two relays at once")).relay();
  const { rows } = await sql<{ open: number }>`select count(*)::int as open from pg_stat_activity
    where datname = current_database() and backend_xid is not null`.execute(database.root);
  expect(rows).toEqual([{ open: 0 }]);
  take();
  await relaying;
  expect(numbers()).toEqual([0]);
});

function relayTo(publishAll: (messages: StreamMessage[]) => Promise<void>): EventRelay {
  return new EventRelay({ root: database.root, publish: publishAll, log: pino({ level: "silent" }) });
}

/** An older transaction of another test hides events until it ends. */
async function relayAll(relay: EventRelay, count: number): Promise<void> {
  while (broker.length < count) await relay.relay();
}

async function publish(count: number): Promise<void> {
  await units.write(async (unit) => {
    for (let number = 0; number < count; number += 1) {
      await unit.publish(database.notes, { type: "test.noted", account_id: "acc_1", data: { number } });
    }
  });
}

function numbers(): number[] {
  return broker.map(({ value }) => JSON.parse(value).data.number);
}
