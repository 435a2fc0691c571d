import type { FastifyBaseLogger } from "fastify";
import { moduleNames, replicaVariable, type Config } from "./config.ts";
import { Replica, type Place } from "./engines/postgres/index.ts";

export interface Replicas {
  /** What a module's lists may be read from. */
  of(module: string): Replica | undefined;
  /** Each once. */
  all: Replica[];
}

export interface ReplicasOptions extends Pick<
  Config,
  "replicaUrl" | "moduleReplicaUrls" | "moduleDatabaseUrls" | "databasePoolSize" | "databaseTimeouts"
> {
  primaryUrlOf: (module: string) => string;
  log: FastifyBaseLogger;
}

/** The replicas that the configuration names, not followed yet. */
export function openReplicas(options: ReplicasOptions): Replicas {
  const { replicaUrl, moduleReplicaUrls, moduleDatabaseUrls, primaryUrlOf } = options;
  const open = new Map<string, Replica>();
  const openOnce = (place: Place, primaryUrl: string) => {
    const key = JSON.stringify([primaryUrl, place.url]);
    const replica = open.get(key) ?? openReplica(place, primaryUrl, options);
    open.set(key, replica);
    return replica;
  };
  const byModule = new Map<string, Replica>();
  for (const module of moduleNames) {
    const own = moduleReplicaUrls[module];
    // The replica of the shared database has nothing of a module that lives elsewhere.
    const url = own ?? (moduleDatabaseUrls[module] === undefined ? replicaUrl : undefined);
    if (url === undefined) continue;
    const variable = replicaVariable(own === undefined ? undefined : module);
    byModule.set(module, openOnce({ variable, url }, primaryUrlOf(module)));
  }
  return { of: (module) => byModule.get(module), all: [...open.values()] };
}

function openReplica(
  place: Place,
  primaryUrl: string,
  { databasePoolSize, databaseTimeouts, log }: ReplicasOptions,
): Replica {
  return new Replica({
    place,
    primaryUrl,
    poolSize: databasePoolSize,
    statementTimeoutMs: databaseTimeouts.statementMs,
    lockTimeoutMs: databaseTimeouts.lockMs,
    logger: log,
  });
}
