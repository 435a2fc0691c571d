import { sql, type Kysely } from "kysely";

interface Gap {
  /** The last position that was there behind it. */
  last: number;
  /** Younger than every transaction that may have taken a position before that. */
  younger: string;
}

const lookAt = 1_000;

/**
 * To where the log of one database is whole: every position up to there can be read, or never will be. Positions are given out
 * before commits, and to transactions in another order than they began, so one may appear after those that follow it.
 *
 *   whole to the last position -> a gap -> every transaction that was open when it was seen has ended -> whole behind it
 *
 * What is missing then was rolled back. Where there is no gap nobody's transaction is waited for.
 */
export class WholeLog {
  readonly #root: Kysely<unknown>;
  #end: number | undefined;
  #gap: Gap | undefined;
  #looking: Promise<number> | undefined;

  constructor(root: Kysely<unknown>) {
    this.#root = root;
  }

  /** The last position to which it is whole. */
  end(): Promise<number> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<number> {
    // What a reader has left behind was whole.
    this.#end ??= await furthestPlace(this.#root);
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
        this.#gap = { last, younger: await newTransaction(this.#root) };
        newGaps += 1;
      }
    }
    return this.#end;
  }

  /** With whether every transaction before `younger` has ended, as of the same moment. */
  async #read(after: number, younger = "0"): Promise<{ positions: number[]; allEnded: boolean }> {
    const { rows } = await sql<{ position: string; ended: boolean }>`
      select position, pg_snapshot_xmin(pg_current_snapshot()) > ${younger}::xid8 as ended
      from kernel.events where position > ${after} order by position limit ${lookAt}`.execute(this.#root);
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

async function furthestPlace(root: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ furthest: string | null }>`
    select max(position) as furthest from kernel.event_listeners`.execute(root);
  return Number(rows[0]?.furthest ?? 0);
}

async function newTransaction(root: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ id: string }>`select pg_current_xact_id()::text as id`.execute(root);
  return rows[0]?.id ?? "0";
}
