import { setTimeout as delay } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { DatabaseError } from "pg";
import { PostgresError } from "./errors.ts";
import { readMigrationFiles, type MigrationFile } from "./migration-files.ts";

/** Every starter of every module takes this lock in turn; the number only has to be ours. */
const MIGRATION_LOCK = 5_063_219_174_421;

export interface MigrateOptions {
  /** The module's PostgreSQL schema; made when missing. Its table `migrations` records what was applied. */
  schema: string;
  /** Folder of `NNNN_name.sql` files. */
  directory: string;
  /** Longest wait for those who use a table, ms, before the file is tried again. */
  lockTimeoutMs?: number;
}

/**
 * Shorter than what a request waits for a lock: behind a change of a table that waits for a long reader, every other reader of
 * that table waits too, and none of them may fail.
 */
const usualLockTimeoutMs = 2_000;
/** Together a few minutes. */
const attempts = 60;
const pauseMs = 1_000;

/**
 * Brings one module's schema forward and returns the names of the files that it applied. Each file is one
 * transaction, in which `search_path` is the schema, then public (where extensions live).
 *
 * Meanwhile processes of the version before serve on the same database, and go on until they are replaced. So a file only adds,
 * and holds no table for as long as it has rows: tables; columns that may be null or have a constant default; constraints
 * that are `not valid`; indexes of its own tables. What is no longer used is dropped by the version after the one that stopped using it.
 * `migration-rules.test.ts` reads the files for that.
 */
export async function migrate(
  pool: Pool,
  { schema, directory, lockTimeoutMs = usualLockTimeoutMs }: MigrateOptions,
): Promise<string[]> {
  if (!/^[a-z][a-z0-9_]*$/.test(schema)) {
    throw new PostgresError("migration_schema_invalid", `A schema is named like a module, not ${schema}`);
  }
  const files = await readMigrationFiles(directory);
  const applied: string[] = [];
  for (;;) {
    const name = await patiently(() =>
      inTransaction(pool, async (client) => {
        await takeLock(client, lockTimeoutMs);
        return applyNext(client, schema, files);
      }),
    );
    if (name === undefined) return applied;
    if (name !== unfinished) applied.push(name);
  }
}

/** Of a file in batches there may be another batch. */
const unfinished = Symbol("unfinished");

/** Those that SQL of more than one module uses. */
export const extensions: readonly string[] = ["pg_trgm", "unaccent", "citext"];

/** They live in `public`, which every search_path ends with. */
export async function ensureExtensions(pool: Pool, names = extensions): Promise<void> {
  await inTransaction(pool, async (client) => {
    await takeLock(client, usualLockTimeoutMs);
    for (const name of names) await createExtension(client, name);
  });
}

async function createExtension(client: PoolClient, name: string): Promise<void> {
  try {
    await client.query(`CREATE EXTENSION IF NOT EXISTS ${client.escapeIdentifier(name)} WITH SCHEMA public`);
  } catch (cause) {
    throw new PostgresError(
      "postgres_extension_unavailable",
      `The extension ${name} cannot be created (${cause instanceof Error ? cause.message : String(cause)}): install PostgreSQL's contrib package on the server, or let the database's owner run CREATE EXTENSION ${name} SCHEMA public`,
      { cause },
    );
  }
}

/** Looks anew at each step, under the lock: another starter may have applied the file meanwhile. */
async function applyNext(
  client: PoolClient,
  schema: string,
  files: MigrationFile[],
): Promise<string | typeof unfinished | undefined> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${schema}.migrations (
      name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  const { rows } = await client.query<{ name: string; sha256: string }>(
    `SELECT name, sha256 FROM ${schema}.migrations ORDER BY name COLLATE "C"`,
  );
  const next = findNext(schema, files, rows);
  if (next === undefined) return undefined;
  await client.query(`SET LOCAL search_path = ${schema}, public`);
  const changed = await execute(client, schema, next);
  if (changed > 0 && next.name.endsWith("_in_batches.sql")) return unfinished;
  await client.query(`INSERT INTO ${schema}.migrations (name, sha256) VALUES ($1, $2)`, [
    next.name,
    next.sha256,
  ]);
  return next.name;
}

function findNext(
  schema: string,
  files: MigrationFile[],
  applied: { name: string; sha256: string }[],
): MigrationFile | undefined {
  for (const [index, row] of applied.entries()) {
    const file = files.find(({ name }) => name === row.name);
    if (file === undefined) {
      throw new PostgresError(
        "migration_unknown",
        `The database has migration ${schema}/${row.name}, which this version does not know: start the version that wrote it, or a later one`,
      );
    }
    if (file.sha256 !== row.sha256) {
      throw new PostgresError(
        "migration_changed",
        `${schema}/${row.name} was changed after it was applied: restore it and put the change into a new file`,
      );
    }
    if (files[index] !== file) {
      throw new PostgresError(
        "migration_out_of_order",
        `${schema}/${files[index]?.name} comes before ${row.name}, which is already applied: give it the next number`,
      );
    }
  }
  return files[applied.length];
}

/** Answers how many rows the file changed, where it is one statement. */
async function execute(client: PoolClient, schema: string, file: MigrationFile): Promise<number> {
  try {
    const { rowCount } = await client.query(file.sql);
    return rowCount ?? 0;
  } catch (cause) {
    const position =
      cause instanceof DatabaseError && cause.position !== undefined ? Number(cause.position) : 0;
    const line = file.sql.slice(0, position).split("\n").length;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PostgresError("migration_failed", `${schema}/${file.name}, line ${line}: ${reason}`, { cause });
  }
}

/** A transaction's lock rather than a session's: it also holds behind a pooler such as PgBouncer. */
async function takeLock(client: PoolClient, lockTimeoutMs: number): Promise<void> {
  await client.query("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0");
  await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
  await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
}

/** Tries again where another transaction held a table for too long; those who waited behind us come through in between. */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !isInTheWay(error)) throw error;
      await delay(pauseMs * (0.5 + Math.random()));
    }
  }
}

/** A lock that was not to be had (55P03), or a deadlock (40P01). */
function isInTheWay(error: unknown): boolean {
  const cause = error instanceof PostgresError ? error.cause : error;
  return cause instanceof DatabaseError && (cause.code === "55P03" || cause.code === "40P01");
}

async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    client.release();
    return result;
  } catch (error) {
    // Closed, not returned: the server rolls back by itself, whatever state the connection is in.
    client.release(true);
    throw error;
  }
}
