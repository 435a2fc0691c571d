import pg from "pg";
import { expect, test, vi } from "vitest";
import { createTestDatabase } from "./database.ts";
import type { TestDatabase } from "./empty-database.ts";

test("the template is migrated once, and its copies know nothing of each other", async () => {
  const migrateAll = vi.fn((url: string) =>
    query(url, "CREATE TABLE films (title text); INSERT INTO films VALUES ('Big Buck Bunny')").then(
      () => undefined,
    ),
  );
  const options = { template: "films" };
  const [first, second, third] = await Promise.all([
    createTestDatabase(migrateAll, options),
    createTestDatabase(migrateAll, options),
    createTestDatabase(migrateAll, options),
  ]);
  expect(migrateAll).toHaveBeenCalledTimes(1);
  await query(first.connectionString, "DELETE FROM films");
  expect(await titles(first)).toEqual([]);
  expect(await titles(second)).toEqual([{ title: "Big Buck Bunny" }]);
  for (const database of [first, second, third]) await database.drop();
  await expect(titles(second)).rejects.toMatchObject({ code: "3D000" });
});

test("a migration that fails is tried again by the next caller", async () => {
  const options = { template: "fails-once" };
  const broken = createTestDatabase(
    (url) => query(url, "CREATE TABLE films (title nonsense)").then(() => undefined),
    options,
  );
  await expect(broken).rejects.toMatchObject({ code: "42704" });
  const database = await createTestDatabase(
    (url) => query(url, "CREATE TABLE films (title text)").then(() => undefined),
    options,
  );
  expect(await titles(database)).toEqual([]);
  await database.drop();
});

function titles(database: TestDatabase) {
  return query(database.connectionString, "SELECT title FROM films");
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return (await client.query(text).finally(() => client.end())).rows;
}
