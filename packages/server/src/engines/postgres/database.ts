import { EventEmitter } from "node:events";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Logger } from "./errors.ts";
import { asLibpqMeans } from "./location.ts";

export interface DatabaseOptions {
  /** Where, and as whom: `{ connectionString }`, or host, user and so on one by one. */
  connection: string | pg.ClientConfig;
  /** Connections at most. */
  poolSize?: number;
  /** Longest wait for a connection, ms. */
  connectTimeoutMs?: number;
  /** Longest wait for an answer, ms, after which the connection is given up; left out: as long as a statement may take there. */
  answerTimeoutMs?: number;
  /** Longest time of one statement, ms; 0: what the role or the server is set to. */
  statementTimeoutMs?: number;
  /** Longest wait for another transaction's lock, ms; 0 as above. */
  lockTimeoutMs?: number;
  /** Longest pause of an open transaction, ms: a handler that hangs must not hold its locks for ever. */
  idleInTransactionTimeoutMs?: number;
  /** How this process is called in pg_stat_activity. */
  applicationName?: string;
  logger?: Logger;
}

export interface Database<Tables> {
  db: Kysely<Tables>;
  /** The same connections without the query builder: migrations, LISTEN, COPY. */
  pool: pg.Pool;
  /** Waits for running statements and closes every connection. */
  close(): Promise<void>;
  /** Breaks every connection: what waits for a server that hangs fails now. */
  cut(): void;
  /** Called when a connection breaks that nobody broke here. */
  onLoss(listener: () => void): void;
}

export function openDatabase<Tables>(options: DatabaseOptions): Database<Tables> {
  const connection =
    typeof options.connection === "string"
      ? { connectionString: asLibpqMeans(options.connection) }
      : options.connection;
  const pool = new pg.Pool({
    ...connection,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    ...(options.answerTimeoutMs === undefined ? {} : { query_timeout: options.answerTimeoutMs }),
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: options.statementTimeoutMs ?? 10_000,
    lock_timeout: options.lockTimeoutMs ?? 5_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 30_000,
    application_name: options.applicationName ?? "flix",
    // Statements run for milliseconds. On large tables PostgreSQL expects worse and compiles them first, for 5 to 150 ms.
    options: "-c jit=off",
    types: { getTypeParser },
  });
  const losses = new EventEmitter();
  const cut = followConnections(pool, losses, options.logger);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return {
    db,
    pool,
    close: () => (closing ??= db.destroy().then(() => endPool(pool))),
    cut,
    onLoss: (listener) => void losses.on("loss", listener),
  };
}

/** Hears of every connection's end; answers what breaks all of them. */
function followConnections(pool: pg.Pool, losses: EventEmitter, logger?: Logger): () => void {
  const connected = new Set<pg.PoolClient>();
  let isTold = false;
  // A connection that breaks while idle has no caller to tell: the pool drops it and makes another. Without a
  // listener the event would end the process. A server that goes away breaks all of them, which is one line.
  pool.on("error", (error) => {
    // The error carries the whole client, the key that cancels its queries with it: only its words are for the log.
    if (!isTold && !pool.ending) logger?.warn({ reason: error.message }, "lost an idle database connection");
    isTold = true;
    losses.emit("loss");
  });
  pool.on("connect", (client) => {
    isTold = false;
    connected.add(client);
    // One that breaks while it is in use fails its query, and is dropped when it is given back; between two queries of
    // a transaction nobody else listens.
    client.on("error", () => losses.emit("loss"));
  });
  pool.on("remove", (client) => connected.delete(client));
  return () => {
    isTold = true;
    for (const { connection } of connected) connection.stream.destroy();
  };
}

/** Kysely ends the pool only if it was ever used. */
async function endPool(pool: pg.Pool): Promise<void> {
  if (!pool.ending) await pool.end();
}

const INT8 = pg.types.builtins.INT8;
const DATE = pg.types.builtins.DATE;
/** `number`, because the enum of pg-types leaves array types out. */
const INT8_ARRAY: number = 1016;

/**
 * What differs from pg: bigint becomes a number (a string beyond 2^53, where a number would be wrong), and date
 * stays `YYYY-MM-DD`, since midnight somewhere is another day elsewhere. timestamptz is a Date, numeric a string.
 */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: "text" | "binary") => {
  if (format === "binary") return pg.types.getTypeParser(oid, format);
  if (oid === INT8) return parseInt8;
  if (oid === DATE) return (text: string) => text;
  if (oid === INT8_ARRAY) return parseInt8Array;
  return pg.types.getTypeParser(oid, format);
};

function parseInt8Array(text: string): (number | string | null)[] {
  const entries: (string | null)[] = pg.types.getTypeParser(INT8_ARRAY, "text")(text);
  return entries.map((entry) => (entry === null ? null : parseInt8(entry)));
}

function parseInt8(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
