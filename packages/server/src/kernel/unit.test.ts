import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { holdClock } from "../../testing/platform.ts";
import { createIds } from "./ids.ts";
import { openKernelDatabase, type KernelDatabase } from "./testing/kernel-database.ts";
import { createUnits, type Unit } from "./unit.ts";

const clock = holdClock();
const onPublished = vi.fn();
const units = createUnits({ clock, ids: createIds(clock), onPublished });
let first: KernelDatabase;
let second: KernelDatabase;

beforeAll(async () => {
  [first, second] = await Promise.all([
    openKernelDatabase({ poolSize: 2 }),
    openKernelDatabase({ poolSize: 2 }),
  ]);
});
afterEach(async () => {
  for (const { root } of [first, second]) await sql`truncate test.notes, kernel.events`.execute(root);
  onPublished.mockClear();
});
afterAll(() => Promise.all([first.close(), second.close()]));

test("changes become true together, then the effects run", async () => {
  const effect = vi.fn();
  const result = await units.write(async (unit) => {
    await note(unit, first, "a");
    await note(unit, first, "b");
    unit.afterCommit(effect);
    expect(await first.texts()).toEqual([]);
    expect(effect).not.toHaveBeenCalled();
    return "done";
  });
  expect(result).toBe("done");
  expect(await first.texts()).toEqual(["a", "b"]);
  expect(effect).toHaveBeenCalledOnce();
});

test("an error takes back every change and event of every database, and no effect runs", async () => {
  const effect = vi.fn();
  const failing = units.write(async (unit) => {
    await note(unit, first, "a");
    await note(unit, second, "b");
    await unit.publish(first.notes, { type: "test.noted", data: {} });
    unit.afterCommit(effect);
    throw new Error("the handler failed");
  });
  await expect(failing).rejects.toThrow("the handler failed");
  expect([await first.texts(), await second.texts()]).toEqual([[], []]);
  expect(await countEvents()).toBe(0);
  expect(effect).not.toHaveBeenCalled();
  expect(onPublished).not.toHaveBeenCalled();
});

test("validating only reads its own changes and leaves nothing", async () => {
  const effect = vi.fn();
  const seen = await units.write(
    async (unit) => {
      expect(unit.validateOnly).toBe(true);
      await note(unit, first, "a");
      await unit.publish(first.notes, { type: "test.noted", data: {} });
      unit.afterCommit(effect);
      return unit.on(first.notes).selectFrom("notes").select("text").execute();
    },
    { validateOnly: true },
  );
  expect(seen).toEqual([{ text: "a" }]);
  expect(await first.texts()).toEqual([]);
  expect(await countEvents()).toBe(0);
  expect(effect).not.toHaveBeenCalled();
});

test("an event carries what it was published with, and its listeners are nudged once", async () => {
  await units.write(async (unit) => {
    await unit.publish(first.notes, { type: "test.noted", account_id: "acc_1", data: { text: "a" } });
    await unit.publish(first.notes, { type: "test.noted", data: { text: "b" } });
  });
  const { rows } =
    await sql`select type, account_id, data, occurred_at from kernel.events order by position`.execute(
      first.root,
    );
  const common = { type: "test.noted", occurred_at: clock.now() };
  expect(rows).toEqual([
    { ...common, account_id: "acc_1", data: { text: "a" } },
    { ...common, account_id: null, data: { text: "b" } },
  ]);
  expect(onPublished).toHaveBeenCalledOnce();
});

test("a unit that asked nothing takes no connection", async () => {
  await Promise.all(
    Array.from({ length: 20 }, () =>
      units.write(async (unit) => {
        unit.on(first.notes);
        return units.write((inner) => note(inner, first, Math.random().toString()));
      }),
    ),
  );
  expect(await first.texts()).toHaveLength(20);
});

test("the database that was used first commits last: what fails there is not taken for done", async () => {
  await units.write((unit) => note(unit, first, "taken"));
  // The unique constraint is checked at the commit.
  const failing = units.write(async (unit) => {
    await note(unit, first, "taken");
    await note(unit, second, "b");
  });
  await expect(failing).rejects.toMatchObject({ code: "23505" });
  expect(await second.texts()).toEqual(["b"]);
  const failingEarlier = units.write(async (unit) => {
    await note(unit, second, "c");
    await note(unit, first, "taken");
  });
  await expect(failingEarlier).rejects.toMatchObject({ code: "23505" });
  expect(await second.texts()).toEqual(["b"]);
});

test("nothing is done after the end: neither a late query, nor one on another database, nor an event", async () => {
  let late: Unit | undefined;
  await units.write(async (unit) => {
    await note(unit, first, "in time");
    late = unit;
  });
  const unit = late;
  if (!unit) throw new Error("the unit was kept");
  await expect(note(unit, first, "late")).rejects.toThrow("has ended");
  expect(() => unit.on(second.notes)).toThrow("has ended");
  await expect(unit.publish(second.notes, { type: "test.noted", data: {} })).rejects.toThrow("has ended");
  expect([await first.texts(), await second.texts()]).toEqual([["in time"], []]);
});

test("one unit is one transaction: another cannot begin inside it", async () => {
  const nested = units.write((unit) =>
    unit
      .on(first.notes)
      .transaction()
      .execute(async () => {}),
  );
  await expect(nested).rejects.toThrow("cannot begin another");
});

test("a reading unit sees what is committed, and cannot publish", async () => {
  await units.write((unit) => note(unit, first, "a"));
  const unit = units.read();
  expect(await unit.on(first.notes).selectFrom("notes").select("text").execute()).toEqual([{ text: "a" }]);
  await expect(unit.publish(first.notes, { type: "test.noted", data: {} })).rejects.toThrow("only reads");
});

test.each([
  ["between two queries", false],
  ["at the commit", true],
])(
  "a connection that is cut %s changes nothing, and is replaced however often it happens",
  async (_, queriesAfter) => {
    // More often than the pool has connections: one that is not given back would be missed.
    for (let round = 0; round < 4; round += 1) {
      const cut = units.write(async (unit) => {
        await note(unit, first, `round ${round}`);
        await first.cutConnections();
        if (!queriesAfter) await note(unit, first, `round ${round}, on`);
      });
      await expect(cut).rejects.toThrow(/terminat|not queryable/);
    }
    expect(await first.texts()).toEqual([]);
    await units.write((unit) => note(unit, first, "after"));
    expect(await first.texts()).toEqual(["after"]);
  },
);

async function note(unit: Unit, { notes }: KernelDatabase, text: string): Promise<void> {
  await unit.on(notes).insertInto("notes").values({ text }).execute();
}

async function countEvents(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from kernel.events`.execute(first.root);
  return rows[0]?.count ?? -1;
}
