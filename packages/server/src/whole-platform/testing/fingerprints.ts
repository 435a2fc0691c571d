import { sql, type Kysely } from "kysely";

/** A digest of each table's rows: what a refused request must leave as it was. */
export async function fingerprints(root: Kysely<unknown>): Promise<Record<string, string>> {
  const tables = await tablesOf(root);
  const digests = tables.map(
    ({ schema, table }) => sql`select ${`${schema}.${table}`} as name,
      md5(coalesce(string_agg(t::text, E'\n' order by t::text), '')) as digest from ${sql.table(`${schema}.${table}`)} t`,
  );
  const { rows } = await sql<{
    name: string;
    digest: string;
  }>`${sql.join(digests, sql` union all `)}`.execute(root);
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

/** Every row of every table as PostgreSQL writes it in a dump: binary columns in hexadecimal. */
export async function dump(root: Kysely<unknown>): Promise<string[]> {
  const lines: string[] = [];
  for (const { schema, table } of await tablesOf(root)) {
    const { rows } = await sql<{
      line: string;
    }>`select t::text as line from ${sql.table(`${schema}.${table}`)} t`.execute(root);
    lines.push(...rows.map(({ line }) => `${schema}.${table}: ${line}`));
  }
  return lines;
}

async function tablesOf(root: Kysely<unknown>): Promise<{ schema: string; table: string }[]> {
  const { rows } = await sql<{ schema: string; table: string }>`
    select table_schema as schema, table_name as table from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
    order by 1, 2`.execute(root);
  return rows;
}
