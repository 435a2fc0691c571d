import { sql, type Kysely } from "kysely";

interface Gap {
  /** The last position that was there behind it. */
  last: number;
  /** Younger than every transaction that may have taken a position before that. */
  younger: string;
}

export interface WholeLogOptions {
  root: Kysely<unknown>;
  /** Rows are added and never changed; each has a `position` of an identity column. */
  table: "kernel.events" | "analytics.player_events";
  /** A position up to which it is whole. */
  from: () => Promise<number>;
}

const lookAt = 1_000;

/**
 * To where a log is whole: every position up to there can be read, or never will be. Positions are given out
 * before commits, and to transactions in another order than they began, so one may appear after those that follow it.
 *
 *   whole to the last position -> a gap -> every transaction that was open when it was seen has ended -> whole behind it
 *
 * What is missing then was rolled back. Where there is no gap nobody's transaction is waited for.
 */
export class WholeLog {
  readonly #options: WholeLogOptions;
  #end: number | undefined;
  #gap: Gap | undefined;
  #looking: Promise<number> | undefined;

  constructor(options: WholeLogOptions) {
    this.#options = options;
  }

  /** The last position to which it is whole. */
  end(): Promise<number> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<number> {
    const { root, from } = this.#options;
    this.#end ??= await from();
    for (let newGaps = 0; newGaps < 2;) {
      const known = this.#gap;
      const { positions, allEnded } = await this.#read(this.#end, known?.younger);
      this.#end = advance(this.#end, positions, known !== undefined && allEnded ? known.last : 0);
      const last = positions.at(-1) ?? this.#end;
      if (last === this.#end) {
        this.#gap = undefined;
        if (positions.length < lookAt) break;
      } else {
        if (known !== undefined && known.last > this.#end) break;
        // Looked at once more: most often nobody else is at work.
        this.#gap = { last, younger: await newTransaction(root) };
        newGaps += 1;
      }
    }
    return this.#end;
  }

  /** With whether every transaction before `younger` has ended, as of the same moment. */
  async #read(after: number, younger = "0"): Promise<{ positions: number[]; allEnded: boolean }> {
    const { root, table } = this.#options;
    const { rows } = await sql<{ position: string; ended: boolean }>`
      select position, pg_snapshot_xmin(pg_current_snapshot()) > ${younger}::xid8 as ended
      from ${sql.table(table)} where position > ${after} order by position limit ${lookAt}`.execute(root);
    return {
      positions: rows.map(({ position }) => Number(position)),
      allEnded: rows[0]?.ended === true,
    };
  }
}

/** Over what follows without a gap, and over the gaps up to `settled`. */
function advance(end: number, positions: readonly number[], settled: number): number {
  for (const position of positions) {
    if (position !== end + 1 && position > settled) return end;
    end = position;
  }
  return end;
}

/** The log of one database's events; what a reader has left behind was whole. */
export function wholeEvents(root: Kysely<unknown>): WholeLog {
  return new WholeLog({ root, table: "kernel.events", from: () => furthestPlace(root) });
}

async function furthestPlace(root: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ furthest: string | null }>`
    select max(position) as furthest from kernel.event_listeners`.execute(root);
  return Number(rows[0]?.furthest ?? 0);
}

async function newTransaction(root: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(root);
  return rows[0]?.id ?? "0";
}
