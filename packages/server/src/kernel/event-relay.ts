import { sql, type Kysely, type QueryExecutorProvider } from "kysely";
import type { FastifyBaseLogger } from "fastify";
import type { StreamMessage } from "../engines/events/event-stream.ts";
import { FlixError } from "./errors.ts";
import { ensurePlace, readEvents, type PlacedEvent } from "./events.ts";
import { NudgedLoop } from "./nudged-loop.ts";
import { wholeEvents, type WholeLog } from "./whole-log.ts";

export interface EventRelayOptions {
  root: Kysely<unknown>;
  /** Resolves once the broker has them. */
  publish: (messages: StreamMessage[]) => Promise<void>;
  log: FastifyBaseLogger;
}

const place = "kernel.relay";
const batchSize = 200;

/**
 * Copies the log of one database to a broker for other systems: in order, at least once. One process at a time does so,
 * by a lock of its session; no transaction is open while the broker is waited for, since one would hold back every reader
 * of the log.
 */
export class EventRelay {
  readonly #options: EventRelayOptions;
  readonly #log: WholeLog;
  readonly #loop: NudgedLoop;
  #stopping = false;

  constructor(options: EventRelayOptions) {
    this.#options = options;
    this.#log = wholeEvents(options.root);
    this.#loop = new NudgedLoop({
      work: () => this.relay(),
      log: options.log,
      name: "events are relayed",
    });
  }

  start(): void {
    this.#stopping = false;
    this.#loop.start();
  }

  stop(): Promise<void> {
    this.#stopping = true;
    return this.#loop.stop();
  }

  nudge(): void {
    this.#loop.nudge();
  }

  /** Relays what can be read now, unless another process does. */
  async relay(): Promise<void> {
    const end = await this.#log.end();
    await this.#options.root.connection().execute(async (connection) => {
      const { rows } = await sql<{ taken: boolean }>`
        select pg_try_advisory_lock(hashtextextended(${place}, 0)) as taken`.execute(connection);
      if (rows[0]?.taken !== true) return;
      try {
        while (!this.#stopping && (await this.#relayBatch(connection, end)) === batchSize);
      } finally {
        await sql`select pg_advisory_unlock(hashtextextended(${place}, 0))`.execute(connection);
      }
    });
  }

  async #relayBatch(log: QueryExecutorProvider, end: number): Promise<number> {
    const position = await readPlace(log);
    const events = await readEvents(log, { after: position, end, limit: batchSize });
    const last = events.at(-1);
    if (last === undefined) return 0;
    try {
      await this.#options.publish(events.map(toMessage));
    } catch (error) {
      // The stream tells that its broker is gone, once; the next round tries again.
      if (error instanceof FlixError && error.code === "unavailable") return 0;
      throw error;
    }
    await sql`update kernel.event_listeners set position = ${last.position}
      where name = ${place} and position = ${position}`.execute(log);
    return events.length;
  }
}

async function readPlace(log: QueryExecutorProvider): Promise<string> {
  const read = () =>
    sql<{ position: string }>`select position from kernel.event_listeners where name = ${place}`.execute(log);
  const found = (await read()).rows[0];
  if (found !== undefined) return found.position;
  await ensurePlace(log, place);
  return (await read()).rows[0]?.position ?? "0";
}

/** The payload is the contract's, as under `webhooks`. The key keeps what happened to one account, or one title, in order. */
function toMessage({ id, type, account_id, data, occurred_at }: PlacedEvent): StreamMessage {
  const { title_id } = data;
  return {
    key: account_id ?? (typeof title_id === "string" ? title_id : id),
    value: JSON.stringify({
      id,
      type,
      occurred_at: occurred_at.toISOString(),
      ...(account_id === null ? {} : { account_id }),
      data,
    }),
    headers: { id, type },
  };
}
