import { setTimeout as delay } from "node:timers/promises";
import { sql, type Kysely, type QueryExecutorProvider } from "kysely";
import type { FastifyBaseLogger } from "fastify";
import { NudgedLoop } from "./nudged-loop.ts";
import type { Unit, Units } from "./unit.ts";
import { wholeEvents, type WholeLog } from "./whole-log.ts";

export interface StoredEvent {
  id: string;
  type: string;
  account_id: string | null;
  data: Record<string, unknown>;
  occurred_at: Date;
}

export interface Listener {
  /** Names the listener's place in the log: stable, unique, the module's name first (`playback.forget-account`). */
  name: string;
  types: string[];
  /** Called at least once for each event, in the order of the log; the unit's changes commit with the place. */
  handle: (event: StoredEvent, unit: Unit) => Promise<void>;
}

const batchSize = 100;
const hiddenMs = 5;

/**
 * Delivers events from the log of one database to listeners. A listener's place moves in the transaction of its
 * changes, so on one database each event takes effect exactly once; many processes may run this at a time.
 */
export class EventDelivery {
  readonly #root: Kysely<unknown>;
  readonly #log: WholeLog;
  readonly #units: () => Units;
  readonly #listeners: Listener[] = [];
  readonly #loop: NudgedLoop;

  constructor(root: Kysely<unknown>, units: () => Units, log: FastifyBaseLogger) {
    this.#root = root;
    this.#log = wholeEvents(root);
    this.#units = units;
    this.#loop = new NudgedLoop({ work: () => this.deliver(), log, name: "events are delivered" });
  }

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Looks for new events now, not at the next tick. */
  nudge(): void {
    this.#loop.nudge();
  }

  /** Delivers what can be read now. A listener that fails keeps its place and holds nobody else up. */
  async deliver(): Promise<void> {
    const failures: unknown[] = [];
    const end = await this.#log.end();
    for (const listener of this.#listeners) {
      await this.#deliverTo(listener, end).catch((cause: unknown) =>
        failures.push(new Error(`The listener ${listener.name} failed`, { cause })),
      );
    }
    if (failures.length > 0)
      throw new AggregateError(failures, "Events could not be delivered to every listener");
  }

  /** Delivers all that is there; tests call it instead of waiting. A position that is not there yet hides what is behind it. */
  async deliverAll(): Promise<void> {
    const { rows } = await sql<{ latest: string | null }>`
      select max(position) as latest from kernel.events`.execute(this.#root);
    const latest = Number(rows[0]?.latest ?? 0);
    while ((await this.#log.end()) < latest) await delay(hiddenMs);
    await this.deliver();
  }

  async #deliverTo(listener: Listener, end: number): Promise<void> {
    try {
      while ((await this.#deliverBatch(listener, end, batchSize)) === batchSize);
    } catch {
      // One event of the batch took the others back with it: those before it take effect one by one.
      while ((await this.#deliverBatch(listener, end, 1)) === 1);
    }
  }

  async #deliverBatch(listener: Listener, end: number, limit: number): Promise<number> {
    return this.#units().write(async (unit) => {
      const log = unit.on<object>({ module: "kernel", root: this.#root });
      const events = await readBatch(log, listener, end, limit);
      for (const event of events) await listener.handle(event, unit);
      const last = events.at(-1);
      if (last) {
        await sql`update kernel.event_listeners set position = ${last.position} where name = ${listener.name}`.execute(
          log,
        );
      }
      return events.length;
    });
  }
}

/** The next events of a listener, or none while another process serves it. */
async function readBatch(
  log: Kysely<object>,
  { name, types }: Listener,
  end: number,
  limit: number,
): Promise<PlacedEvent[]> {
  await ensurePlace(log, name);
  const { rows: places } = await sql<{ position: string }>`
    select position from kernel.event_listeners where name = ${name} for update skip locked`.execute(log);
  const [place] = places;
  return place === undefined ? [] : readEvents(log, { after: place.position, end, types, limit });
}

export type PlacedEvent = StoredEvent & { position: string };

/** Makes the place of a listener that is new: before the first event. */
export async function ensurePlace(log: QueryExecutorProvider, name: string): Promise<void> {
  await sql`insert into kernel.event_listeners (name, position) values (${name}, 0) on conflict do nothing`.execute(
    log,
  );
}

/** The next events in the order of the log, to where it is whole. */
export async function readEvents(
  log: QueryExecutorProvider,
  { after, end, types, limit }: { after: string; end: number; types?: string[]; limit: number },
): Promise<PlacedEvent[]> {
  const { rows } = await sql<PlacedEvent>`
    select position, id, type, account_id, data, occurred_at from kernel.events
    where position > ${after} and position <= ${end}
      ${types === undefined ? sql`` : sql`and type = any(${types})`}
    order by position limit ${limit}`.execute(log);
  return rows;
}
