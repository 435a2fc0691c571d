import pino from "pino";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Jobs, type Job } from "./jobs.ts";
import { openKernelDatabase, type KernelDatabase } from "./testing/kernel-database.ts";

let database: KernelDatabase;
beforeAll(async () => {
  database = await openKernelDatabase({ poolSize: 6 });
});
afterAll(() => database.close());

test("a job runs in one process at a time; the others leave it be", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: running, resolve: runs } = Promise.withResolvers<void>();
  const run = vi.fn(async () => {
    runs();
    await released;
  });
  const [first, second] = [
    jobsOf({ name: "test.slow", everyMs: 1, run }),
    jobsOf({ name: "test.slow", everyMs: 1, run }),
  ];
  const held = first.run("test.slow");
  await running;
  await second.run("test.slow");
  expect(run).toHaveBeenCalledOnce();
  release();
  await held;
  await second.run("test.slow");
  expect(run).toHaveBeenCalledTimes(2);
});

test("a job that failed, or whose connection was cut, is free to run again", async () => {
  const faults = [
    () => Promise.reject(new Error("the job failed")),
    () => database.cutConnections(),
    () => Promise.resolve(),
  ];
  const run = vi.fn(() => faults.shift()?.() ?? Promise.resolve());
  const jobs = jobsOf({ name: "test.faulty", everyMs: 1, run });
  await expect(jobs.run("test.faulty")).rejects.toThrow("the job failed");
  await expect(jobs.run("test.faulty")).rejects.toThrow();
  await jobs.run("test.faulty");
  expect(run).toHaveBeenCalledTimes(3);
});

test("jobs that are due together leave connections to requests, and each gets its turn", async () => {
  let most = 0;
  let now = 0;
  const { promise: allRan, resolve } = Promise.withResolvers<void>();
  const ran = new Set<number>();
  const many = Array.from({ length: 12 }, (_, number) => ({
    name: `test.many-${number}`,
    everyMs: 5,
    async run() {
      now += 1;
      most = Math.max(most, now);
      await sql`select 1`.execute(database.root);
      now -= 1;
      ran.add(number);
      if (ran.size === 12) resolve();
    },
  }));
  const jobs = jobsOf(...many);
  jobs.start();
  await allRan;
  await jobs.stop();
  expect(most).toBeLessThanOrEqual(2);
});

test("a failure is logged and the job comes again; stopping tells the running job and waits for it", async () => {
  const lines: string[] = [];
  const { promise: second, resolve } = Promise.withResolvers<void>();
  let runs = 0;
  let ended = false;
  const job: Job = {
    name: "test.again",
    everyMs: 1,
    async run(signal) {
      runs += 1;
      if (runs === 1) throw new Error("the first time fails");
      resolve();
      await new Promise((heard) => signal.addEventListener("abort", heard));
      ended = true;
    },
  };
  const jobs = new Jobs(database.root, pino({}, { write: (line) => void lines.push(line) }));
  jobs.every(job);
  jobs.start();
  await second;
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    job: "test.again",
    err: { message: "the first time fails" },
  });
  await jobs.stop();
  expect(ended).toBe(true);
  expect(runs).toBe(2);
});

test("an unknown job is named", async () => {
  await expect(jobsOf().run("test.unheard-of")).rejects.toThrow("test.unheard-of");
});

function jobsOf(...jobs: Job[]): Jobs {
  const place = new Jobs(database.root, pino({ level: "silent" }));
  for (const job of jobs) place.every(job);
  return place;
}
