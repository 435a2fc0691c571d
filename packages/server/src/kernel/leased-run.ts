import type { Kysely } from "kysely";
import { extend, holdFast, type Lease } from "./job-store.ts";
import type { Job } from "./job.ts";
import type { Units } from "./unit.ts";

interface LeasedRunOptions {
  root: Kysely<unknown>;
  units: Units;
  leaseMs: number;
  /** Fires when the process ends. */
  ending: AbortSignal;
}

/** Runs a job and extends its lease meanwhile. Throws a LeaseLost when another process has it by the end. */
export async function runLeased(job: Job, held: Lease, options: LeasedRunOptions): Promise<void> {
  const { root, leaseMs, ending } = options;
  const lost = new AbortController();
  const lose = () => lost.abort(new LeaseLost(job.name));
  const extending = setInterval(() => {
    // A database that is away for a moment says nothing about the lease.
    const isHeld = extend(root, held, leaseMs).catch(() => true);
    void isHeld.then((is) => is || lose());
  }, leaseMs / 3);
  try {
    const signal = AbortSignal.any([ending, lost.signal]);
    await job.run({ signal, units: fencedUnits(held, options, lose) });
    lost.signal.throwIfAborted();
  } finally {
    clearInterval(extending);
  }
}

export class LeaseLost extends Error {
  constructor(name: string) {
    super(`${name} went on in another process: this one was silent for longer than its lease`);
    this.name = "LeaseLost";
  }
}

/** The token is read last, so that the lock on its row is short: the lease is extended beside a long transaction. */
function fencedUnits(held: Lease, { units, root }: LeasedRunOptions, lose: () => void): Units {
  return {
    read: units.read,
    write: (work, options) =>
      units.write(async (unit) => {
        const result = await work(unit);
        if (await holdFast(unit.on<object>({ module: "kernel", root }), held)) return result;
        lose();
        throw new LeaseLost(held.name);
      }, options),
  };
}
