import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import type { Kysely } from "kysely";
import { moduleNames, type Config, type ModuleName } from "./config.ts";
import { ensureExtensions, migrate, openDatabase } from "./engines/postgres/index.ts";
import { packageRoot } from "./kernel/package-root.ts";

/** The open databases: one for all modules, or more where a module was given its own. */
export interface Databases {
  of(module: string): Kysely<unknown>;
  /** Each database once. */
  all: Kysely<unknown>[];
  /** Brings every schema forward; safe beside other starters and the version before. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

export type DatabasesOptions = Pick<Config, "moduleDatabaseUrls" | "databasePoolSize"> & {
  url: string;
  log: FastifyBaseLogger;
};

export function openDatabases({
  url,
  moduleDatabaseUrls,
  databasePoolSize,
  log,
}: DatabasesOptions): Databases {
  const urls = new Set([url, ...Object.values(moduleDatabaseUrls)]);
  const open = new Map(
    [...urls].map((connection) => [
      connection,
      openDatabase<unknown>({ connection, poolSize: databasePoolSize, logger: log }),
    ]),
  );
  const databaseOf = (module: string) => {
    const own = moduleNames.find((name) => name === module);
    const found = open.get((own && moduleDatabaseUrls[own]) ?? url);
    if (!found) throw new Error(`The module ${module} has no database`);
    return found;
  };
  return {
    of: (module) => databaseOf(module).db,
    all: [...open.values()].map(({ db }) => db),
    async migrate() {
      for (const { pool } of open.values()) {
        await ensureExtensions(pool);
        await migrate(pool, { schema: "kernel", directory: join(packageRoot, "src/kernel/migrations") });
      }
      for (const module of moduleNames) {
        const directory = migrationsOf(module);
        if (existsSync(directory)) await migrate(databaseOf(module).pool, { schema: module, directory });
      }
    },
    async close() {
      await Promise.all([...open.values()].map((database) => database.close()));
    },
  };
}

function migrationsOf(module: ModuleName): string {
  return join(packageRoot, "src/modules", module, "migrations");
}
