import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import type { Kysely } from "kysely";
import { databaseVariable, moduleNames, type Config, type ModuleName } from "./config.ts";
import {
  checkServer,
  ensureExtensions,
  migrate,
  openDatabase,
  type Database,
} from "./engines/postgres/index.ts";
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
  const open = new Map<string, Open>();
  const openOnce = (connection: string, variable: string): Open => {
    const known = open.get(connection);
    if (known) return known;
    const database = openDatabase<unknown>({ connection, poolSize: databasePoolSize, logger: log });
    open.set(connection, { ...database, variable });
    return { ...database, variable };
  };
  const shared = openOnce(url, "DATABASE_URL");
  const own = new Map<string, Open>();
  for (const module of moduleNames) {
    const moduleUrl = moduleDatabaseUrls[module];
    if (moduleUrl !== undefined) own.set(module, openOnce(moduleUrl, databaseVariable(module)));
  }
  const databaseOf = (module: string) => own.get(module) ?? shared;
  return {
    of: (module) => databaseOf(module).db,
    all: [...open.values()].map(({ db }) => db),
    async migrate() {
      for (const { pool, variable } of open.values()) {
        await checkServer(pool, variable);
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

/** A database, and the variable that named it first. */
type Open = Database<unknown> & { variable: string };

function migrationsOf(module: ModuleName): string {
  return join(packageRoot, "src/modules", module, "migrations");
}
