import { sql } from "kysely";
import pino from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { readConfig } from "./config.ts";
import { openDatabases } from "./databases.ts";

test.each([
  ["those of the variables", { statement: "1234", lock: "321" }, ["1234ms", "321ms"]],
  ["the server's own", { statement: "0", lock: "0" }, ["0", "0"]],
])("every module's statements have time-outs: %s", async (_, { statement, lock }, expected) => {
  const [shared, own] = await Promise.all([emptyDatabase(), emptyDatabase()]);
  const config = readConfig({
    DATABASE_URL: shared,
    FLIX_BILLING_DATABASE_URL: own,
    FLIX_DATABASE_STATEMENT_TIMEOUT_MS: statement,
    FLIX_DATABASE_LOCK_TIMEOUT_MS: lock,
  });
  const databases = openDatabases({ ...config, url: shared, log: pino({ level: "silent" }) });
  onTestFinished(() => databases.close());
  for (const module of ["catalog", "billing"]) {
    const { rows } = await sql<{ statement: string; lock: string }>`
      select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`.execute(
      databases.of(module),
    );
    expect(rows.map((row) => [row.statement, row.lock])).toEqual([expected]);
  }
});

async function emptyDatabase(): Promise<string> {
  const database = await createTestDatabase(async () => {}, { template: "empty" });
  onTestFinished(() => database.drop());
  return database.connectionString;
}
