import type { ChunkWait } from "./video/chunk-runner.ts";

export const stages = [
  "fetch",
  "probe",
  "admit",
  "plan",
  "analyse",
  "transcode",
  "measure",
  "package",
  "verify",
  "upload",
  "publish",
] as const;
export type Stage = (typeof stages)[number];

export interface Progress {
  stage: Stage;
  stageFraction: number;
  /** Of the whole run, 0 to 1; never goes back. */
  fraction: number;
  /** Seconds of film encoded in a second, while transcoding. */
  speed: number | null;
  /** Null until there is something to judge by. */
  etaSeconds: number | null;
  /** Who encodes what, while transcoding. */
  workers: readonly WorkerProgress[];
  /** Why nothing is being done. */
  waitingFor: ChunkWait | null;
}

/** One encoder of one machine, and the chunk that it is at. */
export interface WorkerProgress {
  machine: string;
  /** From 1. */
  slot: number;
  codec: string;
  /** From 1. */
  chunk: number;
  /** From 1. */
  attempt: number;
  /** Of the chunk, 0 to 1. */
  fraction: number;
  /** Seconds of film in a second. */
  speed: number;
}

/** What is told beside how far a stage is. */
export interface ProgressNews {
  speed?: number;
  workers?: readonly WorkerProgress[];
  waitingFor?: ChunkWait | null;
}

export interface ProgressMeter {
  enter(stage: Stage): void;
  update(stageFraction: number, news?: ProgressNews): void;
  finish(): void;
}

/** Shares of the time of an ingest to a server nearby, in percent. */
const weights: Readonly<Record<Stage, number>> = {
  // Of a master on another machine; the network decides.
  fetch: 15,
  probe: 1,
  admit: 1,
  plan: 0.5,
  // Of films long enough for a ladder of their own.
  analyse: 8,
  transcode: 84,
  measure: 3,
  package: 2,
  verify: 2.5,
  upload: 8,
  publish: 1,
};

/** Below this share of a stage its pace says nothing yet. */
const minFractionForEta = 0.02;

export function createProgressMeter(
  planned: readonly Stage[],
  onProgress: ((progress: Progress) => void) | undefined,
  nowMs: () => number = () => performance.now(),
): ProgressMeter {
  const total = weightOf(planned);
  let stage = planned[0] ?? "probe";
  let startedMs = nowMs();
  let reached = 0;
  const report = (
    stageFraction: number,
    { speed, workers = [], waitingFor = null }: ProgressNews = {},
  ): void => {
    const index = planned.indexOf(stage);
    const before = weightOf(planned.slice(0, index));
    const own = weights[stage];
    reached = Math.min(1, Math.max(reached, (before + own * stageFraction) / total));
    let etaSeconds: number | null = null;
    if (stageFraction >= minFractionForEta && stageFraction < 1) {
      const stageSeconds = (nowMs() - startedMs) / 1000 / stageFraction;
      const after = weightOf(planned.slice(index + 1));
      etaSeconds = stageSeconds * (1 - stageFraction) + stageSeconds * (after / own);
    }
    onProgress?.({
      stage,
      stageFraction,
      fraction: reached,
      speed: speed ?? null,
      etaSeconds,
      workers,
      waitingFor,
    });
  };
  return {
    enter(next) {
      stage = next;
      startedMs = nowMs();
      report(0);
    },
    update: (stageFraction, news) => report(Math.min(1, Math.max(0, stageFraction)), news),
    finish: () => report(1),
  };
}

function weightOf(list: readonly Stage[]): number {
  return list.reduce((sum, stage) => sum + weights[stage], 0);
}
