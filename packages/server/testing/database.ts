import { createHash, randomBytes } from "node:crypto";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { inject } from "vitest";
import { databaseUrl, type TestDatabase, withClient } from "./empty-database.ts";
import type { TestPostgres } from "./postgres-setup.ts";

export interface TestDatabaseOptions {
  /** Names what `migrateAll` does, where it is not "every module's migrations": one template for each name. */
  template?: string;
}

/**
 * A fresh database, copied from a template that the first caller of the run migrates: a copy takes a few hundredths
 * of a second, migrating everything takes much longer. `migrateAll` must have closed its connections when it
 * resolves, since PostgreSQL does not copy a database that is in use.
 */
export async function createTestDatabase(
  migrateAll: (connectionString: string) => Promise<void>,
  { template = "all" }: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  const server: TestPostgres = inject("postgres");
  const source = `flix_test_${server.run}_template_${await hashMigrations(template)}`;
  const name = `flix_test_${server.run}_${randomBytes(6).toString("hex")}`;
  await withClient(server.connectionString, async (client) => {
    await ensureTemplate(client, source, () =>
      migrateAll(databaseUrl(server.connectionString, `${source}_new`)),
    );
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${source}`);
  });
  return {
    connectionString: databaseUrl(server.connectionString, name),
    drop: () =>
      withClient(server.connectionString, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/** The lock lets one worker of many make it; the last name makes it visible only when it is whole. */
async function ensureTemplate(client: pg.Client, name: string, fill: () => Promise<void>): Promise<void> {
  await client.query("SELECT pg_advisory_lock(hashtext($1))", [name]);
  const found = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
  if (found.rowCount === 0) {
    await client.query(`DROP DATABASE IF EXISTS ${name}_new WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}_new`);
    await fill();
    await client.query(`ALTER DATABASE ${name}_new RENAME TO ${name}`);
  }
  await client.query("SELECT pg_advisory_unlock(hashtext($1))", [name]);
}

/** In watch mode the server outlives an edited migration; the edited set gets a template of its own. */
async function hashMigrations(template: string): Promise<string> {
  const sources = join(import.meta.dirname, "../src");
  const files: string[] = [];
  for await (const file of glob("**/migrations/*.sql", { cwd: sources })) files.push(file);
  const hash = createHash("sha256").update(template);
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(await readFile(join(sources, file)));
  return hash.digest("hex").slice(0, 12);
}
