import { setTimeout as delay } from "node:timers/promises";
import { watchForOutage, type Outage } from "../outage.ts";
import { openDatabase, type Database } from "./database.ts";
import type { Logger } from "./errors.ts";
import { explain, type Place } from "./explain.ts";

export interface PulseOptions {
  place: Place;
  logger: Logger;
  /** The connections that are looked after: a server that hangs would keep them, and who waits on them. */
  database: Pick<Database<unknown>, "cut" | "onLoss">;
}

const everyMs = 1_000;
const answersWithinMs = 3_000;

/**
 * Asks a server every second whether it is there, and at once when a connection to it breaks, over a connection of its own, since
 * a pool that is busy must not look like a server that is gone. One that is gone, and its return, is one line in the log. One that
 * hangs, or whose host vanished, would be waited for until TCP gives up, a quarter of an hour later; its connections are broken,
 * and requests answered with 503.
 */
export class Pulse {
  readonly #watched: PulseOptions["database"];
  readonly #database: Database<unknown>;
  readonly #outage: Outage;
  readonly #stopping = new AbortController();
  #resting = new AbortController();
  #beating: Promise<void> | undefined;

  constructor({ place, logger, database }: PulseOptions) {
    this.#watched = database;
    database.onLoss(() => this.#resting.abort());
    const patience = { connectTimeoutMs: answersWithinMs, answerTimeoutMs: answersWithinMs };
    this.#database = openDatabase({ connection: place.url, poolSize: 1, ...patience });
    this.#outage = watchForOutage({
      log: logger,
      level: "error",
      explain: (error) => explain(error, place),
      meanwhile: "Meanwhile what needs it is answered with 503.",
      back: `${place.variable}: the server answers again`,
    });
  }

  start(): void {
    this.#beating ??= this.#beat();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const closed = this.#database.close();
    // A server that hangs would not say goodbye.
    this.#database.cut();
    await Promise.all([this.#beating, closed]);
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#ask().then(
        () => this.#outage.end(),
        (error: unknown) => this.#miss(error),
      );
      this.#resting = new AbortController();
      const ended = AbortSignal.any([signal, this.#resting.signal]);
      await delay(everyMs, undefined, { signal: ended, ref: false }).catch(() => {});
    }
  }

  async #ask(): Promise<void> {
    const ask = () => this.#database.pool.query("SELECT");
    await ask().catch((error: unknown) => {
      if (!isTimeout(error) || this.#stopping.signal.aborted) throw error;
      // It may have been this process that stood still.
      return ask();
    });
  }

  #miss(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    this.#outage.begin(error);
    if (isTimeout(error)) this.#watched.cut();
  }
}

/** In the words of pg and of its pool. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout/.test(error.message);
}
