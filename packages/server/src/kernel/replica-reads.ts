import type { Kysely } from "kysely";
import type { Unit, Units } from "./unit.ts";

/** A copy of a database that follows it. */
export interface ReadReplica {
  readonly db: Kysely<unknown>;
  /** Whether it may be read, and shows all that had been committed at that time (`performance.now()`). */
  shows(atMs: number): boolean;
}

/** Reads that may be some moments old, but never older than what the caller has written. */
export interface ReplicaReads {
  /** The work only reads, so that it can be done twice. */
  read<Result>(caller: string, work: (unit: Unit) => Promise<Result>): Promise<Result>;
  /** Called after the caller's change has committed, and before that is answered. */
  wrote(caller: string): void;
}

export interface ReplicaReadsOptions {
  units: Pick<Units, "read">;
  /** Undefined: there is none. */
  replicaOf: (module: string) => ReadReplica | undefined;
}

/** No replica that is used is further behind (engines/postgres/replica.ts). */
const rememberedMs = 5_000;

/**
 * Chooses for each read between a module's replica and its primary. What goes wrong at a replica, its failure as well as an answer
 * such as "not found", does not count: the primary is asked again. Who wrote is known in this process alone; therefore what a
 * caller would look for at once, from whichever process, is not read here at all (`fromReplica` of the modules).
 */
export function createReplicaReads({ units, replicaOf }: ReplicaReadsOptions): ReplicaReads {
  const writes = new Map<string, number>();
  return {
    async read(caller, work) {
      const wroteAtMs = writes.get(caller) ?? Number.NEGATIVE_INFINITY;
      // Decided once a read: its queries see one state, or two that follow each other.
      const chosen = new Map<ReadReplica, boolean>();
      const unit = units.read(({ module, root }) => {
        const replica = replicaOf(module);
        if (replica === undefined) return root;
        const isUsed = chosen.get(replica) ?? replica.shows(wroteAtMs);
        chosen.set(replica, isUsed);
        return isUsed ? replica.db : root;
      });
      try {
        return await work(unit);
      } catch (error) {
        if (![...chosen.values()].includes(true)) throw error;
        return work(units.read());
      }
    },
    wrote(caller) {
      const nowMs = performance.now();
      writes.delete(caller);
      for (const [oldest, atMs] of writes) {
        if (nowMs - atMs <= rememberedMs) break;
        writes.delete(oldest);
      }
      writes.set(caller, nowMs);
    },
  };
}
