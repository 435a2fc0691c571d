import type { Units } from "./unit.ts";

/** What a module has done by the clock. */
export interface Job {
  /** Unique, the module's name first: `media.fail-lost-jobs`. */
  name: string;
  everyMs: number;
  run: (run: JobRun) => Promise<void>;
}

export interface JobRun {
  /** Fires when the process ends, and when another one has the job. */
  signal: AbortSignal;
  /** What they write is rolled back when another process has the job by then. */
  units: Units;
}
