import { switchingSetName } from "../plan/video-rendition.ts";
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

/** The last chunks leave cores without work, which counts in short films; what is not pictures fills the gaps at best. */
function transcodeSeconds(work: Workload, allSeconds: number, capacity: Capacity): number {
  const chunks = work.tasks.map((task) => ({
    seconds: chunkSeconds(task, work),
    threads: threadsOf(task, work),
  }));
  const { cores, otherLoad } = capacity;
  return Math.max(makespan(chunks, capacity), allSeconds / (cores * shareOfCore(cores, cores, otherLoad)));
}

/** A chunk, by the seconds that one core needs for it, and how many cores it can use. */
export interface ChunkLoad {
  seconds: number;
  threads: number;
}

/** The time until the last of the chunks is done, which the workers take in order; those that run share the cores. */
export function makespan(chunks: readonly ChunkLoad[], { workers, cores, otherLoad }: Capacity): number {
  const waiting = chunks.map((chunk) => ({ ...chunk }));
  let running = waiting.splice(0, workers);
  let elapsed = 0;
  while (running.length > 0) {
    const share = shareOfCore(sumOf(running.map(({ threads }) => threads)), cores, otherLoad);
    const next = Math.min(...running.map(({ seconds, threads }) => seconds / (threads * share)));
    elapsed += next;
    for (const chunk of running) chunk.seconds -= next * chunk.threads * share;
    running = running.filter(({ seconds }) => seconds > 1e-9);
    running.push(...waiting.splice(0, workers - running.length));
  }
  return elapsed;
}

/** One ffmpeg encodes the renditions side by side, each on a thread: it is done when the largest is. */
function threadsOf({ switchingSet }: Workload["tasks"][number], { plan }: Workload): number {
  const pixels = plan.video
    .filter((rendition) => switchingSetName(rendition) === switchingSet)
    .map(({ width, height }) => width * height);
  return sumOf(pixels) / Math.max(...pixels);
}

/** A fair scheduler gives every program that wants a core the same share. */
function shareOfCore(wanting: number, cores: number, otherLoad: number): number {
  return Math.min(1, cores / (wanting + otherLoad));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
