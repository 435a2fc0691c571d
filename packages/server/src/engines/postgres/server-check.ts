import type { Pool } from "pg";
import { PostgresError } from "./errors.ts";

const OLDEST_MAJOR = 15;

/** Asks the server for its version before anything else is asked: a wrong URL in `variable` is the usual first error. */
export async function checkServer(pool: Pool, variable = "DATABASE_URL"): Promise<void> {
  const version = await serverVersion(pool, variable);
  if (version >= OLDEST_MAJOR * 10_000) return;
  throw new PostgresError(
    "postgres_server_too_old",
    `The PostgreSQL server is version ${Math.floor(version / 10_000)} and flix needs ${OLDEST_MAJOR} or later: upgrade it, or leave ${variable} out to use the embedded one`,
  );
}

/** `150004` for 15.4 */
async function serverVersion(pool: Pool, variable: string): Promise<number> {
  try {
    const { rows } = await pool.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    return rows[0]?.version ?? 0;
  } catch (cause) {
    throw new PostgresError(
      "postgres_unreachable",
      `The database does not answer (${reasonOf(cause)}): check that the server runs and that ${variable} names its host, user, password and database`,
      { cause },
    );
  }
}

/** Never the connection string, which may hold a password. Several addresses of a name fail as one error. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
