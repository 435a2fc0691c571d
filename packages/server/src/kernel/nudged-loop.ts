import type { FastifyBaseLogger } from "fastify";
import { comesOfDatabaseGone } from "./database-faults.ts";

export interface NudgedLoopOptions {
  /** One round; it is not called again before it has ended. */
  work: () => Promise<void>;
  log: FastifyBaseLogger;
  /** What it does, for the log: `events are delivered`. */
  name: string;
}

const idleMs = 1_000;

/**
 * Works when it is nudged, and each second for what nobody nudged it about. A failure is logged when it is a new one, and left to
 * who watches the database where it comes of its loss.
 */
export class NudgedLoop {
  readonly #options: NudgedLoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = true;
  #failure: string | undefined;

  constructor(options: NudgedLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    this.nudge();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Looks now, not at the next tick. */
  nudge(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#work().finally(() => this.#rest());
  }

  async #work(): Promise<void> {
    const { work, log, name } = this.#options;
    try {
      await work();
      if (this.#failure !== undefined) log.info(`${name} again`);
      this.#failure = undefined;
    } catch (error) {
      if (comesOfDatabaseGone(error)) return;
      const failure = describe(error);
      if (failure !== this.#failure) log.error({ err: error }, `not all ${name}; trying again`);
      this.#failure = failure;
    }
  }

  #rest(): void {
    this.#running = undefined;
    if (this.#stopped) return;
    if (this.#again) {
      this.#again = false;
      this.nudge();
      return;
    }
    this.#timer = setTimeout(() => this.nudge(), idleMs);
    this.#timer.unref();
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes = error instanceof AggregateError ? error.errors : [error.cause ?? ""];
  return [error.message, ...causes.map(describe)].join("; ");
}
