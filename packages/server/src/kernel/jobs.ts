import { setTimeout as delay } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { FastifyBaseLogger } from "fastify";
import type { JobQueue } from "../engines/jobs/job-queue.ts";
import { comesOfDatabaseGone } from "./database-faults.ts";
import type { Job } from "./job.ts";
import { ensureJobs, lease, release, takeDue, type Lease } from "./job-store.ts";
import { LeaseLost, runLeased } from "./leased-run.ts";
import { NudgedLoop } from "./nudged-loop.ts";
import type { Units } from "./unit.ts";

export type JobOutcome = "done" | "failed" | "lost" | "put_aside";

export interface JobsOptions {
  root: Kysely<unknown>;
  units: Units;
  queue: JobQueue;
  log: FastifyBaseLogger;
  onEnd?: (name: string, outcome: JobOutcome) => void;
  /** A process that says nothing for so long has lost its job. */
  leaseMs?: number;
}

/** A job needs a connection or two for its work: more at once would take the pool from requests. */
const atOnce = 2;
const offersAtOnce = 100;
/** After so many runs that never ended, as when the process dies of them, a job rests. */
const attemptLimit = 5;
const restMs = 3_600_000;

/**
 * Runs the background jobs of one database at intervals, each in one process at a time:
 *
 *   due -- offered to the queue --> leased -- run, and the lease extended --> due again after its interval
 *                                     |-- failed --> due again after its interval
 *                                     |-- not extended (the process died, or stood still) --> due, for another one
 *
 * A lease has a token that grows. Who has lost the job unknowingly cannot commit: the token is read in each transaction.
 */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #jobs = new Map<string, Job>();
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #loop: NudgedLoop;
  readonly #leaseMs: number;
  #isReady = false;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 30_000;
    const { log } = options;
    this.#loop = new NudgedLoop({ work: () => this.#offerDue(), log, name: "background jobs are begun" });
  }

  get names(): string[] {
    return [...this.#jobs.keys()];
  }

  every(job: Job): void {
    this.#jobs.set(job.name, job);
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop.stop();
    await Promise.all(this.#running);
  }

  /** What the queue calls. Waits for whoever has it: if that process dies, the job is run here. */
  async run(name: string): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if ((await this.#inTurn(() => this.#runOnce(name))) !== "held") return;
      await delay(this.#leaseMs / 10, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** Runs a job now, due or not, unless somebody has it; throws what it throws. For tests, which do not wait. */
  async runNow(name: string): Promise<void> {
    const job = this.#jobs.get(name);
    if (!job) throw new Error(`There is no job ${name}`);
    const { root } = this.#options;
    await ensureJobs(root, [job]);
    const held = await lease(root, name, { leaseMs: this.#leaseMs, dueOrNot: true });
    if (typeof held === "string") return;
    try {
      await this.#runLeased(job, held);
    } finally {
      await release(root, held, job.everyMs);
    }
  }

  async #offerDue(): Promise<void> {
    const { root, queue } = this.#options;
    if (!this.#isReady) await ensureJobs(root, [...this.#jobs.values()]);
    this.#isReady = true;
    const limit = queue.shared ? offersAtOnce : atOnce - this.#running.size;
    if (limit <= 0) return;
    // A queue that lost what it was offered gets it again; a broker first has the time to give it to another process.
    const offeredMs = queue.shared ? 2 * this.#leaseMs : this.#leaseMs;
    for (const name of await takeDue(root, this.names, { limit, offeredMs })) await queue.offer(name);
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#running.size >= atOnce) await Promise.race(this.#running);
    const running = work();
    const ended = running.catch(() => {});
    this.#running.add(ended);
    try {
      return await running;
    } finally {
      this.#running.delete(ended);
      // There is room for another one.
      this.#loop.nudge();
    }
  }

  async #runOnce(name: string): Promise<JobOutcome | "held" | "not due"> {
    const job = this.#jobs.get(name);
    if (!job || this.#stopping.signal.aborted) return "not due";
    const held = await lease(this.#options.root, name, { leaseMs: this.#leaseMs });
    if (typeof held === "string") return held;
    const outcome = await this.#end(job, held);
    this.#options.onEnd?.(name, outcome);
    return outcome;
  }

  async #end(job: Job, held: Lease): Promise<JobOutcome> {
    const { root, log } = this.#options;
    if (held.attempts > attemptLimit) {
      log.error(
        { job: job.name },
        `a background job never came to an end in ${attemptLimit} runs and rests for an hour`,
      );
      await release(root, held, restMs);
      return "put_aside";
    }
    try {
      await this.#runLeased(job, held);
      // What the end of the process interrupted goes on elsewhere.
      await release(root, held, this.#stopping.signal.aborted ? 0 : job.everyMs);
      return "done";
    } catch (error) {
      if (error instanceof LeaseLost) {
        log.warn({ job: job.name }, error.message);
        return "lost";
      }
      // Who watches the database tells of its loss.
      if (!comesOfDatabaseGone(error)) log.error({ err: error, job: job.name }, "a background job failed");
      await release(root, held, job.everyMs);
      return "failed";
    }
  }

  #runLeased(job: Job, held: Lease): Promise<void> {
    const { root, units } = this.#options;
    return runLeased(job, held, { root, units, leaseMs: this.#leaseMs, ending: this.#stopping.signal });
  }
}
