import type { Pool } from "pg";
import { PostgresError } from "./errors.ts";

const OLDEST_MAJOR = 15;

/** Asks the server for its version before anything else is asked: a wrong URL is the usual first error. */
export async function checkServer(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int AS version",
  );
  /** `150004` for 15.4 */
  const version = rows[0]?.version ?? 0;
  if (version >= OLDEST_MAJOR * 10_000) return;
  throw new PostgresError(
    "postgres_server_too_old",
    `the server is PostgreSQL ${Math.floor(version / 10_000)}, and flix needs ${OLDEST_MAJOR} or later. Upgrade it, or leave the variable out to use the embedded one.`,
  );
}
