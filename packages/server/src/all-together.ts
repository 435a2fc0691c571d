/** What is wrong with several engines at once: the operator mends all of it before the next start. */
export class EngineFaults extends Error {
  readonly code = "engines_not_usable";
  readonly faults: readonly Error[];

  constructor(faults: readonly Error[]) {
    super(faults.map(({ message }) => message).join("\n"));
    this.name = "EngineFaults";
    this.faults = faults;
  }
}

/** Waits for the end of each; throws the one fault as it is, and several as one. */
export async function allTogether<Results extends readonly unknown[]>(work: {
  [Index in keyof Results]: Promise<Results[Index]>;
}): Promise<Results> {
  const ended = await Promise.allSettled(work);
  const faults = ended.flatMap((end) => (end.status === "rejected" ? faultsOf(end.reason) : []));
  const [fault] = faults;
  if (fault === undefined) return Promise.all(work);
  throw faults.length === 1 ? fault : new EngineFaults(faults);
}

function faultsOf(reason: unknown): readonly Error[] {
  if (reason instanceof EngineFaults) return reason.faults;
  return [reason instanceof Error ? reason : new Error(String(reason))];
}
