import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestDatabase } from "../../../testing/database.ts";
import type { TestDatabase } from "../../../testing/empty-database.ts";
import { openDatabase, type Database } from "./database.ts";
import { ensureExtensions, migrate } from "./migrations.ts";

let fresh: TestDatabase;
let database: Database<Record<string, never>>;
let directory: string;

beforeEach(async () => {
  fresh = await createTestDatabase(async () => {}, { template: "empty" });
  database = openDatabase({ connection: fresh.connectionString });
  directory = await mkdtemp(join(tmpdir(), "flix-migrations-"));
  await writeMigration("0001_films.sql", "CREATE TABLE films (id int PRIMARY KEY, title text NOT NULL);");
  await writeMigration(
    "0002_years.sql",
    "ALTER TABLE films ADD year int; INSERT INTO films VALUES (1, 'Big', 2008);",
  );
});

afterEach(async () => {
  await database.close();
  await fresh.drop();
  await rm(directory, { recursive: true });
});

test("files are applied once, in order, in the module's schema", async () => {
  expect(await run()).toEqual(["0001_films.sql", "0002_years.sql"]);
  expect(await run()).toEqual([]);
  const { rows } = await database.pool.query("SELECT * FROM catalog.films");
  expect(rows).toEqual([{ id: 1, title: "Big", year: 2008 }]);
});

test("two starters at once apply each file once", async () => {
  const other = openDatabase({ connection: fresh.connectionString });
  const applied = await Promise.all([run(), migrate(other.pool, { schema: "catalog", directory }), run()]);
  await other.close();
  expect(applied.flat().sort()).toEqual(["0001_films.sql", "0002_years.sql"]);
});

test("a file in batches runs until there is nothing left, each batch a transaction, and two starters share them", async () => {
  await writeMigration(
    "0003_old_years.sql",
    "INSERT INTO films SELECT n, 'Old', NULL FROM generate_series(2, 10) n; CREATE TABLE batches (transaction xid8, films int);",
  );
  await writeMigration(
    "0004_fill_years_in_batches.sql",
    `WITH batch AS (UPDATE films SET year = 1900 WHERE id IN
        (SELECT id FROM films WHERE year IS NULL ORDER BY id LIMIT 2) RETURNING id)
      INSERT INTO batches SELECT pg_current_xact_id(), count(*) FROM batch HAVING count(*) > 0`,
  );
  const applied = await Promise.all([run(), run()]);
  expect(applied.flat()).toHaveLength(4);
  const { rows } = await database.pool.query(
    "SELECT count(DISTINCT transaction)::int AS transactions, sum(films)::int AS films FROM catalog.batches",
  );
  expect(rows).toEqual([{ transactions: 5, films: 9 }]);
  expect(await run()).toEqual([]);
});

test("extensions live in public, and two starters may ask for them at once", async () => {
  await Promise.all([ensureExtensions(database.pool), ensureExtensions(database.pool)]);
  await writeMigration("0003_search.sql", "CREATE INDEX ON films USING gin (title gin_trgm_ops);");
  expect(await run()).toContain("0003_search.sql");
  const { rows } = await database.pool.query(
    "SELECT public.unaccent('Amélie') AS plain, 'A'::public.citext = 'a' AS same",
  );
  expect(rows).toEqual([{ plain: "Amelie", same: true }]);
});

test("an extension that the server lacks is named", async () => {
  await expect(ensureExtensions(database.pool, ["no_such"])).rejects.toMatchObject({
    code: "postgres_extension_unavailable",
    message: expect.stringContaining("no_such"),
  });
});

test("a failing file leaves nothing of itself, and says where", async () => {
  await writeMigration(
    "0003_broken.sql",
    "CREATE TABLE half (id int);\nCREATE TABLE films (id int);\nSELEC 1;",
  );
  await expect(run()).rejects.toMatchObject({
    code: "migration_failed",
    message: expect.stringContaining("catalog/0003_broken.sql, line 3"),
  });
  const { rows } = await database.pool.query("SELECT to_regclass('catalog.half') AS half");
  expect(rows).toEqual([{ half: null }]);
  await writeMigration("0003_broken.sql", "CREATE TABLE half (id int);");
  expect(await run()).toEqual(["0003_broken.sql"]);
});

test("an applied file that was edited is refused", async () => {
  await run();
  await writeMigration("0001_films.sql", "CREATE TABLE films (id bigint PRIMARY KEY);");
  await expect(run()).rejects.toMatchObject({
    code: "migration_changed",
    message: expect.stringContaining("catalog/0001_films.sql"),
  });
});

test("line ends are not an edit", async () => {
  await writeMigration("0003_more.sql", "SELECT 1;\nSELECT 2;\n");
  await run();
  await writeMigration("0003_more.sql", "SELECT 1;\r\nSELECT 2;\r\n");
  expect(await run()).toEqual([]);
});

test("a database ahead of the program, and a file behind the database, are refused", async () => {
  await writeMigration("0004_later.sql", "SELECT 1;");
  await run();
  await writeMigration("0003_late.sql", "SELECT 1;");
  await expect(run()).rejects.toMatchObject({ code: "migration_out_of_order" });
  await rm(join(directory, "0003_late.sql"));
  await rm(join(directory, "0004_later.sql"));
  await expect(run()).rejects.toMatchObject({ code: "migration_unknown" });
});

test("names that would not sort, and a number used twice, are refused", async () => {
  await writeMigration("0002_again.sql", "SELECT 1;");
  await expect(run()).rejects.toMatchObject({ code: "migration_name_invalid" });
  await rm(join(directory, "0002_again.sql"));
  await writeMigration("3_short.sql", "SELECT 1;");
  await expect(run()).rejects.toMatchObject({ code: "migration_name_invalid" });
});

test("a table that is in use is waited for, and nobody who reads it fails meanwhile", async () => {
  await run();
  const reader = await database.pool.connect();
  await reader.query("BEGIN; SELECT FROM catalog.films");
  await writeMigration("0003_rating.sql", "ALTER TABLE films ADD rating text;");
  const migrating = migrate(database.pool, { schema: "catalog", directory, lockTimeoutMs: 50 });
  const waits = async () => {
    const waiting = await database.pool.query(
      "SELECT FROM pg_locks JOIN pg_database ON oid = database WHERE NOT granted AND datname = current_database()",
    );
    return waiting.rowCount;
  };
  await vi.waitFor(async () => expect(await waits()).toBe(1), { interval: 5 });
  // Behind the change that waits.
  await database.pool.query("SELECT FROM catalog.films");
  await vi.waitFor(async () => expect(await waits()).toBe(0), { interval: 5 });
  await reader.query("COMMIT");
  reader.release();
  expect(await migrating).toEqual(["0003_rating.sql"]);
});

function run() {
  return migrate(database.pool, { schema: "catalog", directory });
}

function writeMigration(name: string, sql: string) {
  return writeFile(join(directory, name), sql);
}
