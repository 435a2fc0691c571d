import type { components } from "@flix/openapi";
import type { Client } from "./client.ts";
import { isFlixError, type FlixError } from "./errors.ts";
import { recordPlayerEvents } from "./generated/operations.ts";
import { uuidv7 } from "./uuid.ts";

export type PlayerEvent = components["schemas"]["PlayerEvent"];
/** What the player knows; ids, numbers and times are the queue's business. */
export type PlayerEventFacts = Omit<PlayerEvent, "event_id" | "session_id" | "seq" | "client_ts">;

/**
 * Collects the events of one playback session and sends them in batches, at least once: what was not acknowledged is sent again under
 * the same `event_id`, and the platform drops repeats. On `pagehide` and `visibilitychange` all of it goes out with `keepalive`, which
 * outlives the page.
 */
export function createPlayerEventQueue(client: Client, options: PlayerEventQueueOptions): PlayerEventQueue {
  const queue = new PlayerEventQueue(client, options);
  queue.start();
  return queue;
}

export interface PlayerEventQueueOptions {
  sessionId: string;
  /** 10 seconds by default. */
  flushIntervalMs?: number;
  /** Where `pagehide` and `visibilitychange` come from; the window by default. */
  page?: PageEvents;
  /** Told of each batch that failed. Refused ones are dropped, all others kept for the next time. */
  onError?: (error: FlixError) => void;
}

export type PageEvents = Pick<EventTarget, "addEventListener" | "removeEventListener">;

const batchSize = 100;
const longestQueue = 2_000;
/** All keepalive bodies in flight share 64 KiB (Fetch standard, "HTTP-network-or-cache fetch"); the frame around them needs room too. */
const keepaliveBytes = 60 * 1024;
const pageEvents = ["pagehide", "visibilitychange"];

export class PlayerEventQueue {
  readonly #client: Client;
  readonly #options: PlayerEventQueueOptions;
  readonly #page: PageEvents | undefined;
  readonly #closed = new AbortController();
  #unacknowledged: PlayerEvent[] = [];
  #leaving = new Set<PlayerEvent>();
  #seq = 0;
  #flight: Promise<void> | undefined;

  constructor(client: Client, options: PlayerEventQueueOptions) {
    this.#client = client;
    this.#options = options;
    this.#page = options.page ?? thisPage();
  }

  start(): void {
    for (const type of pageEvents) this.#page?.addEventListener(type, this.#leave);
    void this.#flushRegularly();
  }

  record(facts: PlayerEventFacts): void {
    const now = this.#client.clock.now();
    this.#unacknowledged.push({
      event_id: uuidv7(now),
      session_id: this.#options.sessionId,
      seq: this.#seq++,
      client_ts: new Date(now).toISOString(),
      ...facts,
    });
    // Without a network for hours the oldest go; the gap in `seq` tells.
    if (this.#unacknowledged.length > longestQueue) this.#unacknowledged.shift();
    if (this.#unacknowledged.length >= batchSize) void this.flush();
  }

  /** Sends all that is there; resolves when it is answered, whether well or not. */
  flush(): Promise<void> {
    this.#flight ??= this.#drain().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  /** Sends the rest and stops. */
  async close(): Promise<void> {
    for (const type of pageEvents) this.#page?.removeEventListener(type, this.#leave);
    this.#closed.abort();
    await this.#flight;
    await this.flush();
  }

  async #flushRegularly(): Promise<void> {
    const { flushIntervalMs = 10_000 } = this.#options;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      await this.#client.clock.sleep(flushIntervalMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.flush();
    }
  }

  async #drain(): Promise<void> {
    let settled = true;
    while (settled && this.#unacknowledged.length > 0) {
      settled = await this.#send(this.#unacknowledged.slice(0, batchSize));
    }
  }

  /** What is in flight may die with the page, so it goes along once more; what left with an event just before does not. */
  readonly #leave = (): void => {
    const waiting = this.#unacknowledged.filter((event) => !this.#leaving.has(event));
    const batch = takeBytes(waiting, keepaliveBytes).slice(0, 500);
    if (batch.length === 0) return;
    for (const event of batch) this.#leaving.add(event);
    void this.#send(batch, { keepalive: true }).finally(() => {
      for (const event of batch) this.#leaving.delete(event);
    });
  };

  /** True when the batch is dealt with: taken, or refused for good. */
  async #send(batch: PlayerEvent[], call: { keepalive?: boolean } = {}): Promise<boolean> {
    try {
      await recordPlayerEvents(this.#client, { body: { events: batch } }, call);
    } catch (error) {
      if (!isFlixError(error)) throw error;
      this.#options.onError?.(error);
      if (!isRefusal(error)) return false;
    }
    const sent = new Set(batch);
    this.#unacknowledged = this.#unacknowledged.filter((event) => !sent.has(event));
    return true;
  }
}

function takeBytes(events: PlayerEvent[], bytes: number): PlayerEvent[] {
  const encoder = new TextEncoder();
  let room = bytes;
  return events.filter((event) => {
    room -= encoder.encode(JSON.stringify(event)).length + 1;
    return room >= 0;
  });
}

/** The same batch would be refused again. */
function isRefusal({ status = 0 }: FlixError): boolean {
  return status >= 400 && status < 500 && ![401, 408, 429].includes(status);
}

/** Left whole: a browser's window refuses its methods without it. */
function thisPage(): PageEvents | undefined {
  return "addEventListener" in globalThis ? (globalThis as unknown as PageEvents) : undefined;
}
