import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { holdClock } from "../../testing/platform.ts";
import { createIds } from "./ids.ts";
import { createReplicaReads, type ReadReplica } from "./replica-reads.ts";
import { openKernelDatabase, type KernelDatabase } from "./testing/kernel-database.ts";
import { createUnits, type Unit } from "./unit.ts";

const clock = holdClock();
const units = createUnits({ clock, ids: createIds(clock) });
let primary: KernelDatabase;
/** Another database: what is read there can be told from what the primary has. */
let copy: KernelDatabase;
let showsUntilMs: number;

beforeAll(async () => {
  [primary, copy] = await Promise.all([openKernelDatabase(), openKernelDatabase()]);
  for (const [database, text] of [
    [primary, "primary"],
    [copy, "replica"],
  ] as const) {
    await units.write((unit) => unit.on(database.notes).insertInto("notes").values({ text }).execute());
  }
});
beforeEach(() => {
  showsUntilMs = Number.POSITIVE_INFINITY;
});
afterAll(() => Promise.all([primary.close(), copy.close()]));

function createReads() {
  const replica: ReadReplica = { db: copy.root, shows: (atMs) => showsUntilMs >= atMs };
  return createReplicaReads({ units, replicaOf: (module) => (module === "test" ? replica : undefined) });
}

async function texts(unit: Unit): Promise<string[]> {
  const rows = await unit.on(primary.notes).selectFrom("notes").select("text").execute();
  return rows.map(({ text }) => text);
}

it("reads from the replica, until the caller writes; then from the primary, until the replica shows that", async () => {
  const reads = createReads();
  expect(await reads.read("ada", texts)).toEqual(["replica"]);
  showsUntilMs = performance.now();
  reads.wrote("ada");
  expect(await reads.read("ada", texts)).toEqual(["primary"]);
  expect(await reads.read("grace", texts)).toEqual(["replica"]);
  showsUntilMs = performance.now();
  expect(await reads.read("ada", texts)).toEqual(["replica"]);
});

it("reads from the primary what no replica has", async () => {
  const reads = createReplicaReads({ units, replicaOf: () => undefined });
  expect(await reads.read("ada", texts)).toEqual(["primary"]);
});

it("stays with what it chose until the read is done", async () => {
  const reads = createReads();
  const both = await reads.read("ada", async (unit) => {
    const before = await texts(unit);
    showsUntilMs = Number.NEGATIVE_INFINITY;
    return [...before, ...(await texts(unit))];
  });
  expect(both).toEqual(["replica", "replica"]);
});

it("asks the primary again when the replica fails, or has not what is asked for", async () => {
  const reads = createReads();
  const seen: string[] = [];
  const answer = await reads.read("ada", async (unit) => {
    const [text = ""] = await texts(unit);
    seen.push(text);
    if (text === "replica") throw new Error("not found");
    return text;
  });
  expect([answer, ...seen]).toEqual(["primary", "replica", "primary"]);
});

it("does not ask twice what failed at the primary", async () => {
  const reads = createReads();
  showsUntilMs = Number.NEGATIVE_INFINITY;
  reads.wrote("ada");
  let asked = 0;
  const failing = reads.read("ada", async (unit) => {
    asked += 1;
    await texts(unit);
    throw new Error("not found");
  });
  await expect(failing).rejects.toThrow("not found");
  expect(asked).toBe(1);
});
