import { chunkSeconds, nominalSeconds, type StageSeconds, type Workload } from "./nominal-seconds.ts";

/** How this machine compares: seconds of each stage for one nominal second. */
export type StageFactors = StageSeconds;

/** The encoders that run at once, and how many of the machine's cores they find free. */
export interface Capacity {
  workers: number;
  cores: number;
  /** Other programs that want a core. */
  otherLoad: number;
}

/** Seconds from the first look at the master until viewers get the film. */
export function predictSeconds(work: Workload, factors: StageFactors, capacity: Capacity): number {
  const nominal = nominalSeconds(work);
  const { admit, package: packaging, verify, upload } = factors;
  const beside =
    nominal.admit * admit + nominal.package * packaging + nominal.verify * verify + nominal.upload * upload;
  return beside + transcodeSeconds(work, nominal.transcode, capacity) * factors.transcode;
}

/** The last chunks leave workers without work, which counts in short films; what is not pictures fills the gaps at best. */
function transcodeSeconds(work: Workload, allSeconds: number, capacity: Capacity): number {
  const { workers, cores, otherLoad } = capacity;
  const costs = work.tasks.map((task) => chunkSeconds(task, work));
  const atOnce = Math.min(workers, Math.max(1, costs.length));
  const share = shareOfCore(atOnce, cores, otherLoad);
  const cpuBound = allSeconds / (Math.min(atOnce, cores) * share);
  return Math.max(makespan(costs, workers) / share, cpuBound);
}

/** The time until the last of the tasks is done, which the workers take in order. */
export function makespan(seconds: readonly number[], workers: number): number {
  const busyUntil = Array.from({ length: Math.max(1, workers) }, () => 0);
  for (const length of seconds) {
    const first = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[first] = (busyUntil[first] ?? 0) + length;
  }
  return Math.max(...busyUntil);
}

/** A fair scheduler gives every program that wants a core the same share. */
function shareOfCore(wanting: number, cores: number, otherLoad: number): number {
  return Math.min(1, cores / (wanting + otherLoad));
}
