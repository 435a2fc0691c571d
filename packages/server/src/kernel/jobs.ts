import { sql, type Kysely } from "kysely";
import type { FastifyBaseLogger } from "fastify";

export interface Job {
  /** Unique, the module's name first: `media.fail-lost-jobs`. */
  name: string;
  everyMs: number;
  run: (signal: AbortSignal) => Promise<void>;
}

/** A job that runs holds one connection for its lock and needs one for its work: more at once would take the pool. */
const atOnce = 2;

/**
 * Runs background jobs at intervals, each in one process at a time: a session-level advisory lock is held on a
 * connection of its own while the job runs, and goes with the process.
 */
export class Jobs {
  readonly #root: Kysely<unknown>;
  readonly #log: FastifyBaseLogger;
  readonly #jobs: Job[] = [];
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #due: Job[] = [];

  constructor(root: Kysely<unknown>, log: FastifyBaseLogger) {
    this.#root = root;
    this.#log = log;
  }

  every(job: Job): void {
    this.#jobs.push(job);
  }

  start(): void {
    for (const job of this.#jobs) this.#schedule(job);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.allSettled(this.#running);
  }

  /** Runs a job now; tests call it instead of waiting. */
  async run(name: string): Promise<void> {
    const job = this.#jobs.find((candidate) => candidate.name === name);
    if (!job) throw new Error(`There is no job ${name}`);
    await this.#runAlone(job);
  }

  #schedule(job: Job): void {
    if (this.#stop.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#due.push(job);
      this.#runDue();
    }, job.everyMs);
    timer.unref();
    this.#timers.add(timer);
  }

  #runDue(): void {
    if (this.#stop.signal.aborted || this.#running.size >= atOnce) return;
    const job = this.#due.shift();
    if (!job) return;
    const running = this.#runAlone(job)
      .catch((error: unknown) => this.#log.error({ err: error, job: job.name }, "a background job failed"))
      .finally(() => {
        this.#running.delete(running);
        this.#schedule(job);
        this.#runDue();
      });
    this.#running.add(running);
  }

  async #runAlone(job: Job): Promise<void> {
    await this.#root.connection().execute(async (connection) => {
      const { rows } = await sql<{ taken: boolean }>`
        select pg_try_advisory_lock(hashtextextended(${job.name}, 0)) as taken`.execute(connection);
      if (rows[0]?.taken !== true) return;
      try {
        await job.run(this.#stop.signal);
      } finally {
        await sql`select pg_advisory_unlock(hashtextextended(${job.name}, 0))`.execute(connection);
      }
    });
  }
}
