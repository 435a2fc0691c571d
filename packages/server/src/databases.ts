import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { allTogether } from "./all-together.ts";
import { databaseVariable, moduleNames, type Config, type ModuleName } from "./config.ts";
import {
  checkServer,
  ensureExtensions,
  explain,
  migrate,
  openDatabase,
  Pulse,
  type Database,
  type Place,
} from "./engines/postgres/index.ts";
import { packageRoot } from "./kernel/package-root.ts";
import { openReplicas, type Replicas, type ReplicasOptions } from "./replicas.ts";

/** The open databases: one for all modules, or more where a module was given its own. */
export interface Databases {
  of(module: string): Kysely<unknown>;
  /** Each database once. */
  all: Kysely<unknown>[];
  /** What a module's lists may be read from, where it was given one. */
  replicaOf: Replicas["of"];
  /** Each replica once. */
  replicas: Replicas["all"];
  /** Asks each whether it is one that flix can use; throws what is wrong with all of them. */
  check(): Promise<void>;
  /** Brings every schema forward; safe beside other starters and the version before. */
  migrate(): Promise<void>;
  /** Begins to look after what the variables name: servers that go away are told, replicas are read once they have all that is there now. */
  follow(): void;
  close(): Promise<void>;
}

export interface DatabasesOptions extends Omit<ReplicasOptions, "primaryUrlOf">, Pick<Config, "databaseUrl"> {
  /** Of the embedded server, or `databaseUrl`. */
  url: string;
}

export function openDatabases(options: DatabasesOptions): Databases {
  const { all, of } = openEach(options);
  const { databaseUrl, log } = options;
  const pulses = all
    // The embedded server has a keeper of its own.
    .filter(({ variable, url }) => variable !== sharedVariable || url === databaseUrl)
    .map((database) => new Pulse({ place: database, logger: log, database }));
  const replicas = openReplicas({ ...options, primaryUrlOf: (module) => of(module).url });
  const watchers = [...pulses, ...replicas.all];
  return {
    of: (module) => of(module).db,
    all: all.map(({ db }) => db),
    replicaOf: replicas.of,
    replicas: replicas.all,
    async check() {
      await allTogether(all.map((database) => explained(database, checkServer(database.pool))));
    },
    async migrate() {
      for (const database of all) {
        await explained(database, ensureExtensions(database.pool));
        await explained(database, migrate(database.pool, { schema: "kernel", directory: kernelMigrations }));
      }
      for (const module of moduleNames) {
        const [directory, database] = [migrationsOf(module), of(module)];
        if (existsSync(directory))
          await explained(database, migrate(database.pool, { schema: module, directory }));
      }
    },
    follow() {
      for (const watcher of watchers) watcher.start();
    },
    async close() {
      const stopped = watchers.map((watcher) => watcher.stop());
      await Promise.all([...stopped, ...all.map((database) => database.close())]);
    },
  };
}

const sharedVariable = "DATABASE_URL";

function openEach({
  url: sharedUrl,
  moduleDatabaseUrls,
  databasePoolSize,
  databaseTimeouts,
  log,
}: DatabasesOptions) {
  const open = new Map<string, Open>();
  const openOnce = (url: string, variable: string): Open => {
    const known = open.get(url);
    if (known) return known;
    const database = openDatabase<unknown>({
      connection: url,
      poolSize: databasePoolSize,
      statementTimeoutMs: databaseTimeouts.statementMs,
      lockTimeoutMs: databaseTimeouts.lockMs,
      logger: log,
    });
    const opened = { ...database, variable, url };
    open.set(url, opened);
    return opened;
  };
  const shared = openOnce(sharedUrl, sharedVariable);
  const own = new Map<string, Open>();
  for (const module of moduleNames) {
    const url = moduleDatabaseUrls[module];
    if (url !== undefined) own.set(module, openOnce(url, databaseVariable(module)));
  }
  return { all: [...open.values()], of: (module: string) => own.get(module) ?? shared };
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

const kernelMigrations = join(packageRoot, "src/kernel/migrations");

function migrationsOf(module: ModuleName): string {
  return join(packageRoot, "src/modules", module, "migrations");
}
