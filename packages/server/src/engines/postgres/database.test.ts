import { afterAll, expect, test } from "vitest";
import { sql } from "kysely";
import { createTestDatabase } from "../../../testing/database.ts";
import { openDatabase } from "./database.ts";
import { checkServer } from "./server-check.ts";

const fresh = await createTestDatabase(async () => {}, { template: "empty" });
const { db, pool, close } = openDatabase<Record<string, never>>({
  connection: fresh.connectionString,
  poolSize: 2,
  statementTimeoutMs: 200,
  lockTimeoutMs: 100,
  applicationName: "flix-database-test",
});
afterAll(async () => {
  await close();
  await fresh.drop();
});

test("types arrive as the modules expect them", async () => {
  const { rows } = await sql`
    SELECT 9007199254740991::bigint AS safe, 9007199254740992::bigint AS unsafe, count(*) AS total,
      ARRAY[7, NULL, 9007199254740992]::bigint[] AS list, 12.50::numeric AS price, DATE '2024-02-29' AS day,
      TIMESTAMPTZ '2024-02-29 12:00:00.5+02' AS at, '{"a": 1}'::jsonb AS document`.execute(db);
  expect(rows).toEqual([
    {
      safe: 9007199254740991,
      unsafe: "9007199254740992",
      total: 1,
      list: [7, null, "9007199254740992"],
      price: "12.50",
      day: "2024-02-29",
      at: new Date("2024-02-29T10:00:00.500Z"),
      document: { a: 1 },
    },
  ]);
});

test("a statement that runs too long is cancelled", async () => {
  await expect(sql`SELECT pg_sleep(30)`.execute(db)).rejects.toMatchObject({ code: "57014" });
});

test("a wait for another transaction's lock ends", async () => {
  await sql`CREATE TABLE seats (id int)`.execute(db);
  const holder = await pool.connect();
  try {
    await holder.query("BEGIN; LOCK TABLE seats");
    await expect(sql`SELECT * FROM seats`.execute(db)).rejects.toMatchObject({ code: "55P03" });
  } finally {
    await holder.query("ROLLBACK");
    holder.release();
  }
});

test("connections that the server cuts are replaced, and the process lives on", async () => {
  const others = openDatabase<Record<string, never>>({
    connection: fresh.connectionString,
    applicationName: "victim",
  });
  await sql`SELECT 1`.execute(others.db);
  const lost = new Promise((resolve) => others.pool.once("error", resolve));
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'`.execute(
    db,
  );
  await lost;
  const { rows } = await sql<{ one: number }>`SELECT 1 AS one`.execute(others.db);
  expect(rows).toEqual([{ one: 1 }]);
  await others.close();
  await others.close();
});

test("a pool that was never used closes", async () => {
  await openDatabase({ connection: fresh.connectionString }).close();
});

test("the server's version is checked", () => checkServer(pool));
