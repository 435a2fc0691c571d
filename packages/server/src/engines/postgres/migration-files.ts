import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { PostgresError } from "./errors.ts";

export interface MigrationFile {
  /** `0001_titles.sql` */
  name: string;
  sql: string;
  sha256: string;
}

/** The folder's migrations in the order of their numbers; files that are not SQL are none of ours. */
export async function readMigrationFiles(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  for (const [index, name] of names.entries()) {
    if (!/^\d{4}_[a-z0-9_-]+\.sql$/.test(name)) {
      throw invalid(`${join(directory, name)} is not named NNNN_what_it_does.sql`);
    }
    const before = names[index - 1];
    if (before?.slice(0, 4) === name.slice(0, 4)) {
      throw invalid(`${before} and ${name} in ${directory} have the same number`);
    }
  }
  return Promise.all(names.map((name) => readMigrationFile(directory, name)));
}

async function readMigrationFile(directory: string, name: string): Promise<MigrationFile> {
  // git may check files out with CRLF on Windows; that is the same migration.
  const sql = (await readFile(join(directory, name), "utf8")).replaceAll("\r\n", "\n");
  return { name, sql, sha256: createHash("sha256").update(sql).digest("hex") };
}

function invalid(message: string): PostgresError {
  return new PostgresError("migration_name_invalid", `${message}: rename it`);
}
