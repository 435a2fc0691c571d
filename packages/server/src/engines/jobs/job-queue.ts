/** Runs a job, unless it is not due any more; who else has it is waited for. Rejects when it could not be found out. */
export type RunJob = (name: string) => Promise<void>;

/** Who runs the jobs that are due: the process that found them so, or whoever takes them from a broker. */
export interface JobQueue {
  /** What is offered here is run elsewhere too, so that it need not wait until there is room in this process. */
  readonly shared: boolean;
  /** Resolves once it is kept, or begun here. */
  offer(name: string): Promise<void>;
  /** Begins to hand out jobs of these names. */
  start(names: readonly string[], run: RunJob): Promise<void>;
  /** Hands out no more, and waits for those that run. */
  stop(): Promise<void>;
  /** For health: throws what is wrong. */
  check(): Promise<void>;
}
