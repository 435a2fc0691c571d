import { setTimeout as delay } from "node:timers/promises";
import type { Kysely } from "kysely";
import type { Pool } from "pg";
import { watchForOutage, type Outage } from "../outage.ts";
import { openDatabase, type Database, type DatabaseOptions } from "./database.ts";
import { PostgresError, type Logger } from "./errors.ts";
import { explain, type Place } from "./explain.ts";
import { isTimeout } from "./pulse.ts";

export interface ReplicaOptions extends Pick<
  DatabaseOptions,
  "poolSize" | "statementTimeoutMs" | "lockTimeoutMs"
> {
  place: Place;
  /** What it is a replica of. */
  primaryUrl: string;
  logger: Logger;
  /** One that is further behind is left out, ms. */
  mayLagMs?: number;
}

const askEveryMs = 250;
const answersWithinMs = 2_000;
/** No longer than what the cache of answers allows for after a change (engines/redis/response-cache.ts). */
const usualLagMs = 5_000;

/**
 * A server that follows the primary, for reads that may be some moments old.
 *
 * Every 250 ms the primary is asked how far its log (WAL) has come, and the replica how far it has replayed it. Once the replica
 * has come to where the primary was, it shows all that had been committed when the primary was asked; that moment is what `shows`
 * compares with. So nobody has to guess a lag, no write costs a query, and an idle primary makes no replica look old, as its
 * last replayed timestamp would. (With `synchronous_commit = off` a commit is answered up to .6 s before it is in the log.)
 *
 * Left out, and told once, is one that does not answer within 2 s, is more than 5 s behind, follows nobody any more or somebody
 * else; it is asked on, and comes back by itself.
 */
export class Replica {
  readonly db: Kysely<unknown>;
  readonly #mayLagMs: number;
  readonly #reads: Database<unknown>;
  /** Connections of their own: a pool that is busy must not look like a server that is gone. */
  readonly #primary: Database<unknown>;
  readonly #replica: Database<unknown>;
  readonly #stopping = new AbortController();
  #following: Promise<void> | undefined;
  /** Where the primary was when it was asked, as far as the replica is not known to be there yet. */
  #ahead: { atMs: number; position: number }[] = [];
  #showsUntilMs = Number.NEGATIVE_INFINITY;
  #isOfPrimary = false;
  readonly #outage: Outage;

  constructor({ place, primaryUrl, logger, mayLagMs = usualLagMs, ...limits }: ReplicaOptions) {
    this.#mayLagMs = mayLagMs;
    const patience = { connectTimeoutMs: answersWithinMs, answerTimeoutMs: answersWithinMs, poolSize: 1 };
    this.#reads = openDatabase({
      connection: place.url,
      ...limits,
      connectTimeoutMs: answersWithinMs,
      logger,
    });
    this.#primary = openDatabase({ connection: primaryUrl, ...patience });
    this.#replica = openDatabase({ connection: place.url, ...patience });
    this.db = this.#reads.db;
    this.#outage = watchForOutage({
      log: logger,
      level: "warn",
      explain: (error) => explain(error, place),
      meanwhile: "Meanwhile every read goes to the primary.",
      back: `${place.variable}: the replica is read again`,
    });
  }

  /** Whether it is in use, and shows all that had been committed at that time (`performance.now()`). */
  shows(atMs: number): boolean {
    return this.#showsUntilMs >= atMs && performance.now() - this.#showsUntilMs < this.#mayLagMs;
  }

  start(): void {
    this.#following ??= this.#follow();
  }

  /** For health: throws why it is left out. */
  async check(): Promise<void> {
    if (this.#outage.fault !== undefined) throw this.#outage.fault;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const databases = [this.#reads, this.#primary, this.#replica];
    const closed = databases.map((database) => database.close());
    // A server that hangs would not say goodbye.
    for (const database of databases) database.cut();
    await Promise.all([this.#following, ...closed]);
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#ask();
      await delay(askEveryMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #ask(): Promise<void> {
    const atMs = performance.now();
    const position = await logPosition(this.#primary.pool).catch(() => undefined);
    if (position === undefined) {
      // What is wrong with the primary is told elsewhere, and nothing can be learned of the replica.
      this.#ahead = [];
      return;
    }
    this.#ahead.push({ atMs, position });
    try {
      await this.#recognize();
      this.#compare(await replayedPosition(this.#replica.pool));
    } catch (error) {
      this.#lose(error);
      // Who waits for an answer from there is to ask the primary.
      if (isTimeout(error)) this.#reads.cut();
    }
  }

  #compare(replayed: number): void {
    const reached = this.#ahead.filter(({ position }) => position <= replayed).at(-1);
    this.#ahead = this.#ahead.filter(({ position }) => position > replayed);
    if (reached !== undefined) {
      this.#showsUntilMs = reached.atMs;
      this.#outage.end();
    }
    const oldestUseful = performance.now() - this.#mayLagMs;
    if (this.#ahead.some(({ atMs }) => atMs < oldestUseful)) this.#lose(tooFarBehind(this.#mayLagMs));
    this.#ahead = this.#ahead.filter(({ atMs }) => atMs >= oldestUseful);
  }

  /** A replica has the identity of its primary's cluster, and the database the same id in both. */
  async #recognize(): Promise<void> {
    if (this.#isOfPrimary) return;
    const [primary, replica] = await Promise.all(
      [this.#primary, this.#replica].map(({ pool }) => identityOf(pool)),
    );
    if (primary !== replica) throw ofAnother();
    this.#isOfPrimary = true;
  }

  #lose(error: unknown): void {
    this.#showsUntilMs = Number.NEGATIVE_INFINITY;
    this.#isOfPrimary = false;
    if (!this.#stopping.signal.aborted) this.#outage.begin(error);
  }
}

/** Written, not only inserted: what is acknowledged is written, and an idle server stays at the end of its last record. */
async function logPosition(primary: Pool): Promise<number | undefined> {
  const { rows } = await primary.query<{ position: number }>(
    "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS position",
  );
  return rows[0]?.position;
}

/** How far its log is replayed; throws where it follows nobody. */
export async function replayedPosition(replica: Pool): Promise<number> {
  const { rows } = await replica.query<{ follows: boolean; position: number | null }>(
    `SELECT pg_is_in_recovery() AS follows, (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint AS position`,
  );
  const [row] = rows;
  if (row?.follows === true && row.position !== null) return row.position;
  throw new PostgresError(
    "postgres_no_replica",
    "the server follows no other: it is no replica, or was made a primary. Name one that does.",
  );
}

async function identityOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ identity: string }>(
    `SELECT system_identifier || '/' || oid AS identity FROM pg_control_system(), pg_database WHERE datname = current_database()`,
  );
  return rows[0]?.identity ?? "";
}

function ofAnother(): PostgresError {
  return new PostgresError(
    "postgres_no_replica",
    "the server follows another primary, or this is another database of it. Name the same database on a replica of the same primary.",
  );
}

function tooFarBehind(mayLagMs: number): PostgresError {
  return new PostgresError(
    "postgres_replica_behind",
    `the replica is more than ${mayLagMs / 1000} s behind. It is read again when it has caught up; if that takes long, see pg_stat_replication on the primary.`,
  );
}
