import { sql } from "kysely";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { holdClock } from "../../../../testing/platform.ts";
import { createIds } from "../../../kernel/ids.ts";
import type { Job } from "../../../kernel/job.ts";
import { Jobs, type JobOutcome } from "../../../kernel/jobs.ts";
import { openKernelDatabase, type KernelDatabase } from "../../../kernel/testing/kernel-database.ts";
import { createUnits } from "../../../kernel/unit.ts";
import type { BrokerLocation } from "../location.ts";
import { openJobQueue } from "../open-job-queue.ts";
import { dieOf } from "./die-of.ts";

const clock = holdClock();
const units = createUnits({ clock, ids: createIds(clock) });
const leaseMs = 1_000;

/** What every queue of jobs keeps; several stand for processes that share it. */
export function describeJobQueue(name: string, broker: BrokerLocation | undefined): void {
  describe(name, () => {
    let database: KernelDatabase;
    beforeAll(async () => {
      database = await openKernelDatabase({ poolSize: 20 });
    });
    afterAll(() => database.close());

    /** A process with these jobs; what it logs, and how its runs ended. */
    async function startJobs(...all: Job[]) {
      const lines: { msg: string; job?: string; err?: { message: string } }[] = [];
      const outcomes: JobOutcome[] = [];
      const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
      const queue = await openJobQueue(broker, log);
      const onEnd = (_name: string, outcome: JobOutcome) => void outcomes.push(outcome);
      const jobs = new Jobs({ root: database.root, units, queue, log, onEnd, leaseMs });
      for (const job of all) jobs.every(job);
      await queue.start(jobs.names, (job) => jobs.run(job));
      jobs.start();
      const stop = async () => void (await Promise.all([jobs.stop(), queue.stop()]));
      onTestFinished(stop);
      return { lines, outcomes, stop };
    }

    it("runs a job in one process at a time, again and again", async () => {
      let [now, most, runs] = [0, 0, 0];
      const job: Job = {
        name: "test.alone",
        everyMs: 1,
        async run() {
          now += 1;
          most = Math.max(most, now);
          await sql`select pg_sleep(0.01)`.execute(database.root);
          now -= 1;
          runs += 1;
        },
      };
      for (let number = 0; number < 3; number += 1) await startJobs(job);
      await vi.waitFor(() => expect(runs).toBeGreaterThan(3), 20_000);
      expect(most).toBe(1);
    });

    it("gives each job its turn, and leaves connections to requests", async () => {
      let [now, most] = [0, 0];
      const ran = new Set<number>();
      const many = Array.from({ length: 12 }, (_, number) => ({
        name: `test${number}.many`,
        everyMs: 1,
        async run() {
          now += 1;
          most = Math.max(most, now);
          await sql`select 1`.execute(database.root);
          now -= 1;
          ran.add(number);
        },
      }));
      await startJobs(...many);
      await vi.waitFor(() => expect(ran.size).toBe(12), 20_000);
      expect(most).toBeLessThanOrEqual(2);
    });

    it("logs a failure and runs the job again; stopping tells the job that runs and waits for it", async () => {
      const { promise: second, resolve } = Promise.withResolvers<void>();
      let [runs, hasEnded] = [0, false];
      const { lines, outcomes, stop } = await startJobs({
        name: "test.again",
        everyMs: 1,
        async run({ signal }) {
          runs += 1;
          if (runs === 1) throw new Error("the first time fails");
          resolve();
          await new Promise((heard) => signal.addEventListener("abort", heard));
          hasEnded = true;
        },
      });
      await second;
      expect(lines.filter(({ err }) => err)).toMatchObject([
        { job: "test.again", err: { message: "the first time fails" } },
      ]);
      await stop();
      expect(hasEnded).toBe(true);
      expect(outcomes).toEqual(["failed", "done"]);
    });

    it("runs a job elsewhere when its process dies; one that many died of rests for an hour, and is told", async () => {
      const options = { connectionString: database.connectionString, broker, job: "test.deadly", leaseMs };
      for (let death = 1; death <= 5; death += 1) expect(await dieOf(options)).toBe("SIGKILL");
      const run = vi.fn(() => Promise.resolve());
      const { lines, outcomes } = await startJobs({ name: "test.deadly", everyMs: 1, run });
      await vi.waitFor(() => expect(outcomes).toEqual(["put_aside"]), 20_000);
      expect(run).not.toHaveBeenCalled();
      expect(lines.map(({ msg }) => msg)).toEqual([expect.stringMatching(/never came to an end in 5 runs/)]);
      const { rows } = await sql<{ minutes: number }>`
        select extract(epoch from due_at - now()) / 60 as minutes from kernel.jobs where name = 'test.deadly'`.execute(
        database.root,
      );
      expect(Number(rows[0]?.minutes)).toBeCloseTo(60, 0);
    });
  });
}
