import { join } from "node:path";
import { sql, type Kysely } from "kysely";
import { createTestDatabase } from "../../../testing/database.ts";
import { migrate, openDatabase } from "../../engines/postgres/index.ts";
import { packageRoot } from "../package-root.ts";
import type { Database } from "../unit.ts";

export interface NotesTables {
  notes: { text: string };
}

/** A fresh database with the kernel's own tables and one more, on which what a unit of work changed can be seen. */
export interface KernelDatabase {
  root: Kysely<unknown>;
  notes: Database<NotesTables>;
  connectionString: string;
  texts(): Promise<string[]>;
  /** Cuts every other connection, as a crash of the server or of its host does. */
  cutConnections(): Promise<void>;
  close(): Promise<void>;
}

export async function openKernelDatabase({ poolSize = 10 } = {}): Promise<KernelDatabase> {
  const database = await createTestDatabase(prepare, { template: "kernel" });
  const { db: root, close } = openDatabase<unknown>({ connection: database.connectionString, poolSize });
  const admin = openDatabase<unknown>({ connection: database.connectionString, poolSize: 1 });
  return {
    root,
    notes: { module: "test", root },
    connectionString: database.connectionString,
    async texts() {
      const { rows } = await sql<{ text: string }>`select text from test.notes order by position`.execute(
        admin.db,
      );
      return rows.map(({ text }) => text);
    },
    async cutConnections() {
      await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(admin.db);
    },
    async close() {
      await close();
      await admin.close();
      await database.drop();
    },
  };
}

async function prepare(connection: string): Promise<void> {
  const { pool, close } = openDatabase({ connection });
  await migrate(pool, { schema: "kernel", directory: join(packageRoot, "src/kernel/migrations") });
  await pool.query(
    `create schema test;
     create table test.notes (
       position bigint generated always as identity,
       text text not null unique deferrable initially deferred
     )`,
  );
  await close();
}
