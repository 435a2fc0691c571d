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
}

/**
 * Brings one module's schema forward and returns the names of the files that it applied. Each file is one
 * transaction, in which `search_path` is the schema, then public (where extensions live).
 */
export async function migrate(pool: Pool, { schema, directory }: MigrateOptions): Promise<string[]> {
  if (!/^[a-z][a-z0-9_]*$/.test(schema)) {
    throw new PostgresError("migration_schema_invalid", `A schema is named like a module, not ${schema}`);
  }
  const files = await readMigrationFiles(directory);
  const applied: string[] = [];
  for (;;) {
    const name = await inTransaction(pool, (client) => applyNext(client, schema, files));
    if (name === undefined) return applied;
    applied.push(name);
  }
}

/** Extensions that SQL of more than one module uses, in `public`, which every search_path ends with. */
export async function ensureExtensions(
  pool: Pool,
  names: readonly string[] = ["pg_trgm", "unaccent", "citext"],
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await takeLock(client);
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
): Promise<string | undefined> {
  await takeLock(client);
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
  await execute(client, schema, next);
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

async function execute(client: PoolClient, schema: string, file: MigrationFile): Promise<void> {
  try {
    await client.query(file.sql);
  } catch (cause) {
    const position =
      cause instanceof DatabaseError && cause.position !== undefined ? Number(cause.position) : 0;
    const line = file.sql.slice(0, position).split("\n").length;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PostgresError("migration_failed", `${schema}/${file.name}, line ${line}: ${reason}`, { cause });
  }
}

/** A transaction's lock rather than a session's: it also holds behind a pooler such as PgBouncer. */
async function takeLock(client: PoolClient): Promise<void> {
  await client.query("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0");
  await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
  // Behind a change of a table that waits, every reader of that table waits too.
  await client.query("SET LOCAL lock_timeout = '10s'");
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
