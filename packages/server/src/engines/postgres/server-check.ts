import type { Pool } from "pg";
import { openDatabase } from "./database.ts";
import { PostgresError } from "./errors.ts";
import { explain, type Place } from "./explain.ts";
import { extensions } from "./migrations.ts";
import { replayedPosition } from "./replica.ts";

const OLDEST_MAJOR = 15;

interface Found {
  /** `150004` for 15.4 */
  version: number;
  follows: boolean;
  creates: boolean;
  missing: string[];
}

/** Asks for all that flix needs before anything is changed: a wrong URL is the usual first error, a missing right the second. */
export async function checkServer(pool: Pool): Promise<void> {
  const { rows } = await pool.query<Found>(
    `SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS follows,
       has_database_privilege(current_database(), 'CREATE') AS creates,
       ARRAY(SELECT wanted FROM unnest($1::text[]) AS wanted
         WHERE NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = wanted)) AS missing`,
    [extensions],
  );
  const fault = rows[0] && faultOf(rows[0]);
  if (fault !== undefined) throw fault;
}

function faultOf({ version, follows, creates, missing }: Found): PostgresError | undefined {
  if (version < OLDEST_MAJOR * 10_000) {
    return new PostgresError(
      "postgres_server_too_old",
      `the server is PostgreSQL ${Math.floor(version / 10_000)}, and flix needs ${OLDEST_MAJOR} or later. Upgrade it, or leave the variable out to use the embedded one.`,
    );
  }
  if (follows) {
    return new PostgresError(
      "postgres_read_only",
      "the server is a replica, which takes no changes. Name the primary; a replica goes into FLIX_REPLICA_DATABASE_URL.",
    );
  }
  if (!creates) {
    return new PostgresError(
      "postgres_access_denied",
      "the user may not create schemas and extensions in the database. Make it the owner: ALTER DATABASE ... OWNER TO ...",
    );
  }
  if (missing.length === 0) return undefined;
  return new PostgresError(
    "postgres_extension_unavailable",
    `the server lacks ${missing.join(", ")}. Install PostgreSQL's contrib package there.`,
  );
}

/** As `checkServer`, over a connection of its own. */
export function checkDatabase(place: Place): Promise<void> {
  return askOnce(place, checkServer);
}

/** Whether the server follows another one. */
export function checkReplica(place: Place): Promise<void> {
  return askOnce(place, async (pool) => void (await replayedPosition(pool)));
}

async function askOnce(place: Place, ask: (pool: Pool) => Promise<void>): Promise<void> {
  const { pool, close } = openDatabase({ connection: place.url, poolSize: 1 });
  try {
    await ask(pool);
  } catch (error) {
    throw explain(error, place);
  } finally {
    await close();
  }
}
