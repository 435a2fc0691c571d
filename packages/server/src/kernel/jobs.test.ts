import pino from "pino";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { holdClock } from "../../testing/platform.ts";
import { createDirectQueue } from "../engines/jobs/direct.ts";
import { createIds } from "./ids.ts";
import type { Job } from "./job.ts";
import { Jobs } from "./jobs.ts";
import { openKernelDatabase, type KernelDatabase } from "./testing/kernel-database.ts";
import { createUnits, type Unit } from "./unit.ts";

const log = pino({ level: "silent" });
const clock = holdClock();
const units = createUnits({ clock, ids: createIds(clock) });
const leaseMs = 300;

let database: KernelDatabase;
beforeAll(async () => {
  database = await openKernelDatabase();
});
afterAll(() => database.close());

test("a job that somebody has is left to them, for as long as they extend their lease", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: running, resolve: runs } = Promise.withResolvers<void>();
  const run = vi.fn(async () => {
    runs();
    await released;
  });
  const [first, second] = [processWith("test.slow", run), processWith("test.slow", run)];
  const held = first.runNow("test.slow");
  await running;
  const begunMs = performance.now();
  while (performance.now() - begunMs < 3 * leaseMs) await second.runNow("test.slow");
  expect(run).toHaveBeenCalledOnce();
  release();
  await held;
  await second.runNow("test.slow");
  expect(run).toHaveBeenCalledTimes(2);
});

test("who lost a job without knowing can write no more, and is told to stop", async () => {
  const { promise: overtaken, resolve: overtake } = Promise.withResolvers<void>();
  const { promise: writing, resolve: writes } = Promise.withResolvers<void>();
  const told = vi.fn();
  const stale = processWith("test.fenced", async ({ units: fenced, signal }) => {
    signal.addEventListener("abort", told);
    await fenced.write((unit) => note(unit, "while it had it"));
    await fenced.write(async (unit) => {
      await note(unit, "after it lost it");
      writes();
      await overtaken;
    });
  });
  const held = stale.runNow("test.fenced");
  await writing;
  await endLease("test.fenced");
  await processWith("test.fenced", ({ units: fenced }) =>
    fenced.write((unit) => note(unit, "by who has it now")),
  ).runNow("test.fenced");
  overtake();
  await expect(held).rejects.toThrow("test.fenced went on in another process");
  expect(told).toHaveBeenCalled();
  expect(await database.texts()).toEqual(["while it had it", "by who has it now"]);
});

test("whose lease ended, and whom nobody followed, may still commit", async () => {
  const holder = processWith("test.committing", ({ units: fenced }) =>
    fenced.write(async (unit) => {
      await note(unit, "in time");
      await endLease("test.committing");
    }),
  );
  await holder.runNow("test.committing");
  expect(await database.texts()).toContain("in time");
});

test("a job that failed, or whose connection was cut, is free to run again", async () => {
  const faults = [
    () => Promise.reject(new Error("the job failed")),
    async () => {
      await database.cutConnections();
      await sql`select 1`.execute(database.root);
    },
    () => Promise.resolve(),
  ];
  const run = vi.fn(() => faults.shift()?.() ?? Promise.resolve());
  const jobs = processWith("test.faulty", run);
  await expect(jobs.runNow("test.faulty")).rejects.toThrow("the job failed");
  await jobs.runNow("test.faulty").catch(() => {});
  await jobs.runNow("test.faulty");
  expect(run).toHaveBeenCalledTimes(3);
});

test("an unknown job is named", async () => {
  await expect(processWith("test.known", async () => {}).runNow("test.unheard-of")).rejects.toThrow(
    "test.unheard-of",
  );
});

function processWith(name: string, run: Job["run"]): Jobs {
  const jobs = new Jobs({ root: database.root, units, queue: createDirectQueue(log), log, leaseMs });
  jobs.every({ name, everyMs: 1, run });
  return jobs;
}

async function note(unit: Unit, text: string): Promise<void> {
  await unit.on(database.notes).insertInto("notes").values({ text }).execute();
}

/** As if its process had stood still for longer than that. */
async function endLease(name: string): Promise<void> {
  await sql`update kernel.jobs set leased_until = '-infinity' where name = ${name}`.execute(database.root);
}
