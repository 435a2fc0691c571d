import { setTimeout as delay } from "node:timers/promises";
import { openDatabase, type Database } from "./database.ts";
import type { Logger } from "./errors.ts";
import type { Place } from "./explain.ts";
import { watchForOutage, type Outage } from "./outage.ts";

export interface PulseOptions {
  place: Place;
  logger: Logger;
  /** Called when the server hangs: it would keep its connections, and who waits on them. */
  onHang: () => void;
}

const everyMs = 1_000;
const answersWithinMs = 3_000;

/**
 * Asks a server every second whether it is there, over a connection of its own, since a pool that is busy must not look like a
 * server that is gone. One that is gone, and its return, is one line in the log. One that hangs, or whose host vanished, would
 * be waited for until TCP gives up, a quarter of an hour later; its connections are broken, and requests answered with 503.
 */
export class Pulse {
  readonly #onHang: () => void;
  readonly #database: Database<unknown>;
  readonly #outage: Outage;
  readonly #stopping = new AbortController();
  #beating: Promise<void> | undefined;

  constructor({ place, logger, onHang }: PulseOptions) {
    this.#onHang = onHang;
    const patience = { connectTimeoutMs: answersWithinMs, answerTimeoutMs: answersWithinMs };
    this.#database = openDatabase({ connection: place.url, poolSize: 1, ...patience });
    this.#outage = watchForOutage(place, logger, {
      meanwhile: "Meanwhile what needs it is answered with 503.",
      back: "the server answers again",
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
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => {});
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
    if (isTimeout(error)) this.#onHang();
  }
}

/** In the words of pg and of its pool. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout/.test(error.message);
}
