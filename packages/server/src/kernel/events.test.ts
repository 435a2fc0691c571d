import pino from "pino";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { holdClock } from "../../testing/platform.ts";
import { EventDelivery, type Listener, type StoredEvent } from "./events.ts";
import { createIds } from "./ids.ts";
import { openKernelDatabase, type KernelDatabase } from "./testing/kernel-database.ts";
import { createUnits, type Unit } from "./unit.ts";

const clock = holdClock();
const units = createUnits({ clock, ids: createIds(clock) });
let database: KernelDatabase;
let other: KernelDatabase;

beforeAll(async () => {
  [database, other] = await Promise.all([openKernelDatabase(), openKernelDatabase()]);
});
afterEach(async () => {
  const tables = sql`truncate test.notes, kernel.events, kernel.event_listeners`;
  for (const { root } of [database, other]) await tables.execute(root);
});
afterAll(() => Promise.all([database.close(), other.close()]));

test("each listener gets each event of its types once, in the order of the log, across two processes", async () => {
  const processes = [1, 2].map(() => deliveryOf([noting("a", ["test.noted"]), noting("b", ["test.noted"])]));
  await publish(250);
  await publish(1, "test.other");
  await Promise.all(processes.flatMap((delivery) => [delivery.deliverAll(), delivery.deliverAll()]));
  // While one process serves a listener the others pass it by; what they left is delivered now.
  await processes[0]?.deliverAll();
  for (const name of ["a", "b"]) {
    const got = (await database.texts()).filter((text) => text.startsWith(`${name}:`));
    expect(got).toEqual(Array.from({ length: 250 }, (_, index) => `${name}:${index}`));
  }
  await processes[1]?.deliverAll();
  expect(await database.texts()).toHaveLength(500);
});

test("a listener that fails keeps its place, holds no other up, and goes on in order once it can", async () => {
  let broken = true;
  const failing: Listener = {
    ...noting("failing", ["test.noted"]),
    async handle(event, unit) {
      await note(unit, `failing:${event.data["number"]}`);
      if (broken && event.data["number"] === 2) throw new Error("the listener is broken");
    },
  };
  const delivery = deliveryOf([failing, noting("sound", ["test.noted"])]);
  await publish(5);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(delivery.deliverAll()).rejects.toMatchObject({
      errors: [{ message: "The listener failing failed", cause: { message: "the listener is broken" } }],
    });
  }
  const sound = [0, 1, 2, 3, 4].map((number) => `sound:${number}`);
  expect((await database.texts()).toSorted()).toEqual(["failing:0", "failing:1", ...sound]);
  broken = false;
  await delivery.deliverAll();
  const texts = await database.texts();
  expect(texts.filter((text) => text.startsWith("failing"))).toEqual(
    [0, 1, 2, 3, 4].map((number) => `failing:${number}`),
  );
});

test("an event that a later transaction outruns is not stepped over", async () => {
  const delivery = deliveryOf([noting("a", ["test.noted"])]);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: published, resolve: wasPublished } = Promise.withResolvers<void>();
  const slow = units.write(async (unit) => {
    await publishOne(unit, 0);
    wasPublished();
    await released;
  });
  await published;
  await units.write((unit) => publishOne(unit, 1));
  await delivery.deliver();
  expect(await database.texts()).toEqual([]);
  release();
  await slow;
  await delivery.deliverAll();
  expect(await database.texts()).toEqual(["a:0", "a:1"]);
});

test("nor is one that an older transaction outruns, which publishes later and ends first", async () => {
  const delivery = deliveryOf([noting("a", ["test.noted"])]);
  const [begun, first, second, end] = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const older = units.write(async (unit) => {
    await note(unit, "the older one has its number");
    begun?.resolve();
    await first?.promise;
    await publishOne(unit, 1);
  });
  await begun?.promise;
  const younger = units.write(async (unit) => {
    await publishOne(unit, 0);
    first?.resolve();
    second?.resolve();
    await end?.promise;
  });
  await second?.promise;
  await older;
  await delivery.deliver();
  await delivery.deliver();
  expect(await noted()).toEqual([]);
  end?.resolve();
  await younger;
  await delivery.deliverAll();
  expect(await noted()).toEqual(["a:0", "a:1"]);
});

test("what was rolled back is waited for only as long as it may still come", async () => {
  const delivery = deliveryOf([noting("a", ["test.noted"])]);
  const undone = units.write(async (unit) => {
    await publishOne(unit, 0);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  await publish(1);
  await delivery.deliverAll();
  expect(await noted()).toEqual(["a:0"]);
});

test("of many transactions that begin, publish and end in any order no event is stepped over", async () => {
  const delivery = deliveryOf([noting("a", ["test.noted"])]);
  const ended = new AbortController();
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let turn = 0; turn < 25; turn += 1) {
      const number = writer * 25 + turn;
      const pause = async (unit: Unit, rounds: number) => {
        for (let round = 0; round < rounds % 4; round += 1) await note(unit, `${number} ${rounds} ${round}`);
      };
      const written = units.write(async (unit) => {
        await pause(unit, 100 + writer * 3 + turn);
        await publishOne(unit, number);
        await pause(unit, 200 + writer + turn * 5);
        if (turn % 5 === 4) throw new Error("undone");
      });
      await (turn % 5 === 4 ? expect(written).rejects.toThrow("undone") : written);
    }
  });
  const writing = Promise.all(writers).finally(() => ended.abort());
  while (!ended.signal.aborted) await delivery.deliver();
  await writing;
  await delivery.deliverAll();
  expect(await noted()).toHaveLength(8 * 20);
});

test("a crash before the commit delivers the event again, and its effect stands once", async () => {
  let crash = true;
  const delivery = deliveryOf([
    {
      ...noting("a", ["test.noted"]),
      async handle(event, unit) {
        await note(unit, `a:${event.data["number"]}`);
        if (crash) await database.cutConnections();
      },
    },
  ]);
  await publish(1);
  await expect(delivery.deliverAll()).rejects.toThrow("could not be delivered");
  expect(await database.texts()).toEqual([]);
  crash = false;
  await delivery.deliverAll();
  expect(await database.texts()).toEqual(["a:0"]);
});

test("a change in another database is made again rather than lost when the place cannot be kept", async () => {
  await units.write((unit) => note(unit, "taken"));
  let attempts = 0;
  const delivery = deliveryOf([
    {
      name: "elsewhere",
      types: ["test.noted"],
      async handle(_event, unit) {
        attempts += 1;
        await unit
          .on(other.notes)
          .insertInto("notes")
          .values({ text: `attempt ${attempts}` })
          .execute();
        // The place's own transaction fails at its commit.
        if (attempts === 1) await note(unit, "taken");
      },
    },
  ]);
  await publish(1);
  await delivery.deliverAll();
  expect(await other.texts()).toEqual(["attempt 1", "attempt 2"]);
  await delivery.deliverAll();
  expect(attempts).toBe(2);
});

test("a running delivery hears of an event by a nudge, and of another process's by looking", async () => {
  const { promise: nudged, resolve: first } = Promise.withResolvers<StoredEvent>();
  const { promise: seen, resolve: second } = Promise.withResolvers<StoredEvent>();
  const delivery = deliveryOf([
    {
      name: "waiting",
      types: ["test.noted"],
      handle: async (event) => (event.data["number"] === 0 ? first(event) : second(event)),
    },
  ]);
  delivery.start();
  await units.write((unit) => publishOne(unit, 0));
  delivery.nudge();
  expect(await nudged).toMatchObject({ type: "test.noted", occurred_at: clock.now(), account_id: null });
  await units.write((unit) => publishOne(unit, 1));
  expect((await seen).data).toEqual({ number: 1 });
  await delivery.stop();
});

function deliveryOf(listeners: Listener[]): EventDelivery {
  const delivery = new EventDelivery(database.root, () => units, pino({ level: "silent" }));
  for (const listener of listeners) delivery.listen(listener);
  return delivery;
}

async function noted(): Promise<string[]> {
  return (await database.texts()).filter((text) => text.startsWith("a:"));
}

/** Writes down what it gets; the same twice would break the table's unique constraint. */
function noting(name: string, types: string[]): Listener {
  return { name, types, handle: (event, unit) => note(unit, `${name}:${event.data["number"]}`) };
}

async function note(unit: Unit, text: string): Promise<void> {
  await unit.on(database.notes).insertInto("notes").values({ text }).execute();
}

async function publish(count: number, type: `test.${string}` = "test.noted"): Promise<void> {
  await units.write(async (unit) => {
    for (let number = 0; number < count; number += 1) await publishOne(unit, number, type);
  });
}

function publishOne(unit: Unit, number: number, type: `test.${string}` = "test.noted"): Promise<void> {
  return unit.publish(database.notes, { type, data: { number } });
}
