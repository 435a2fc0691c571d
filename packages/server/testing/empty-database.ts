import { randomBytes } from "node:crypto";
import pg from "pg";

export interface TestDatabase {
  connectionString: string;
  drop(): Promise<void>;
}

/** A database with nothing in it, on a server that a test was given. */
export async function createEmptyDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `flix_test_${randomBytes(8).toString("hex")}`;
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  return {
    connectionString: databaseUrl(serverUrl, name),
    drop: () =>
      withClient(serverUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

export function databaseUrl(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.href;
}

export async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return work(client).finally(() => client.end());
}
