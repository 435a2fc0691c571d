import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { PostgresError, USE_ANOTHER_SERVER } from "./errors.ts";
import { startPostmaster, type Postmaster, type PostmasterOptions } from "./postmaster.ts";

const READY_WITHIN_MS = 120_000;
const POLL_MS = 20;
const SURVIVORS_END_WITHIN_MS = 15_000;

/** Starts the server and returns when it takes sessions and has our role and database. */
export async function startReady(options: PostmasterOptions, admin: string): Promise<Postmaster> {
  const giveUpAt = performance.now() + SURVIVORS_END_WITHIN_MS;
  for (;;) {
    const postmaster = await startPostmaster(options);
    try {
      const client = await connect(postmaster, admin);
      await ensureDatabase(client, admin).finally(() => client.end());
      return postmaster;
    } catch (error) {
      await postmaster.stop();
      // After kill -9 its backends still hold the shared memory until they notice, and PostgreSQL rightly waits.
      const survivors = (await postmaster.log()).includes("pre-existing shared memory block");
      if (!survivors || performance.now() > giveUpAt) throw error;
    }
    await delay(POLL_MS);
  }
}

async function connect(postmaster: Postmaster, admin: string): Promise<pg.Client> {
  const giveUpAt = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: admin });
    client.on("error", () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      const late = performance.now() > giveUpAt ? `no answer in ${READY_WITHIN_MS / 1000} s` : undefined;
      const reason = postmaster.exited() ?? late;
      if (reason !== undefined) throw startFailed(reason, await postmaster.log(), error);
    }
    await delay(POLL_MS);
  }
}

/** The platform works as an ordinary role that owns its database: whoever slips SQL in gets no shell. */
async function ensureDatabase(client: pg.Client, admin: string): Promise<void> {
  const role = await client.query("SELECT FROM pg_roles WHERE rolname = 'flix'");
  if (role.rowCount === 0) await client.query("CREATE ROLE flix LOGIN");
  const password = decodeURIComponent(new URL(admin).password);
  if (password !== "") await client.query(`ALTER ROLE flix PASSWORD ${pg.escapeLiteral(password)}`);
  const database = await client.query("SELECT FROM pg_database WHERE datname = 'flix'");
  if (database.rowCount === 0) await client.query("CREATE DATABASE flix OWNER flix");
}

function startFailed(reason: string, log: string, cause: unknown): PostgresError {
  const code = /no space left on device/i.test(log) ? "no_space" : "postgres_start_failed";
  const end = log.split("\n").slice(-8).join("\n");
  const message = `The embedded PostgreSQL did not start (${reason}). It said:\n${end}\nRepair that, ${USE_ANOTHER_SERVER}`;
  return new PostgresError(code, message, { cause });
}
