import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import type { Kysely } from "kysely";
import { databaseVariable, moduleNames, type Config, type ModuleName } from "./config.ts";
import {
  checkServer,
  ensureExtensions,
  explain,
  migrate,
  openDatabase,
  type Database,
  type Place,
} from "./engines/postgres/index.ts";
import { allTogether } from "./all-together.ts";
import { packageRoot } from "./kernel/package-root.ts";

/** The open databases: one for all modules, or more where a module was given its own. */
export interface Databases {
  of(module: string): Kysely<unknown>;
  /** Each database once. */
  all: Kysely<unknown>[];
  /** Asks each whether it is one that flix can use; throws what is wrong with all of them. */
  check(): Promise<void>;
  /** Brings every schema forward; safe beside other starters and the version before. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

export type DatabasesOptions = Pick<
  Config,
  "moduleDatabaseUrls" | "databasePoolSize" | "databaseTimeouts"
> & {
  url: string;
  log: FastifyBaseLogger;
};

export function openDatabases({
  url,
  moduleDatabaseUrls,
  databasePoolSize,
  databaseTimeouts,
  log,
}: DatabasesOptions): Databases {
  const open = new Map<string, Open>();
  const openOnce = (connection: string, variable: string): Open => {
    const known = open.get(connection);
    if (known) return known;
    const database = openDatabase<unknown>({
      connection,
      poolSize: databasePoolSize,
      statementTimeoutMs: databaseTimeouts.statementMs,
      lockTimeoutMs: databaseTimeouts.lockMs,
      logger: log,
    });
    const opened = { ...database, variable, url: connection };
    open.set(connection, opened);
    return opened;
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
    async check() {
      const checks = [...open.values()].map((database) => explained(database, checkServer(database.pool)));
      await allTogether(checks);
    },
    async migrate() {
      for (const database of open.values()) {
        const { pool } = database;
        await explained(database, ensureExtensions(pool));
        const directory = join(packageRoot, "src/kernel/migrations");
        await explained(database, migrate(pool, { schema: "kernel", directory }));
      }
      for (const module of moduleNames) {
        const [directory, database] = [migrationsOf(module), databaseOf(module)];
        if (existsSync(directory))
          await explained(database, migrate(database.pool, { schema: module, directory }));
      }
    },
    async close() {
      await Promise.all([...open.values()].map((database) => database.close()));
    },
  };
}

/** A database, and the variable that named it first. */
type Open = Database<unknown> & Place;

async function explained<Result>(place: Place, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw explain(error, place);
  }
}

function migrationsOf(module: ModuleName): string {
  return join(packageRoot, "src/modules", module, "migrations");
}
