import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { hashPassword } from "../../packages/server/src/modules/users/password.ts";
import { createEmptyDatabase, withClient } from "../../packages/server/testing/empty-database.ts";
import { filledEmail, fillDatabase } from "../../packages/server/testing/fill-database.ts";
import { growthViewers } from "../../packages/server/testing/growth-requests.ts";
import { clientToken, startApiPlatform, type ApiPlatform } from "./api-platform.ts";
import { signIn } from "./sign-in.ts";

const password = "correct horse battery staple";

export interface GrownPlatform {
  size: number;
  server: ApiPlatform;
  databaseUrl: string;
  tokens: { operator: string; busy: string[]; quiet: string[] };
  stop(): Promise<void>;
}

/** The server over a database of its own with so many titles and profiles, and viewers that have signed in. */
export async function startGrown(serverUrl: string, size: number): Promise<GrownPlatform> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of stops.toReversed()) await end();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "flix-bench-"));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const database = await createEmptyDatabase(serverUrl);
    stops.push(() => database.drop());
    const environment = { DATABASE_URL: database.connectionString };
    // The first start makes the tables; jobs of the second find what was filled in.
    await (await startApiPlatform(folder, environment)).stop();
    await fillDatabase(database.connectionString, {
      titles: size,
      profiles: size,
      passwordHash: await hashPassword(password),
    });
    const server = await startApiPlatform(folder, environment);
    stops.push(() => server.stop());
    const tokensOf = (accounts: readonly number[]) =>
      Promise.all(accounts.map((account) => signIn(server.url, filledEmail(account), password)));
    const tokens = {
      operator: await clientToken(server.url, server.operator),
      busy: await tokensOf(growthViewers.busy),
      quiet: await tokensOf(growthViewers.quiet),
    };
    return { size, server, databaseUrl: database.connectionString, tokens, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The jobs that learn from all the history run at the start: after them it is quiet for a minute. */
export async function isAtRest({ databaseUrl }: GrownPlatform): Promise<void> {
  for (let quiet = 0; quiet < 5; await delay(200)) {
    const working = await backends(databaseUrl, "state <> 'idle'");
    quiet = working.length === 0 ? quiet + 1 : 0;
  }
}

/** Process ids of the database's connections. */
export function backends(databaseUrl: string, which = "true"): Promise<number[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and ${which}`,
    );
    return rows.map(({ pid }) => pid);
  });
}
