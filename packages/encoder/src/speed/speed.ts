import { availableParallelism } from "node:os";
import type { PackageReport } from "../package/report.ts";
import { likelyPackageBytes } from "../plan/estimate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Programs } from "../programs/programs.ts";
import type { Source } from "../source/probe.ts";
import { planChunkTasks } from "../video/chunk-task.ts";
import { benchmarkSpeed } from "./benchmark.ts";
import {
  nominalSeconds,
  type StageSeconds,
  type TimedStage,
  timedStages,
  type Workload,
} from "./nominal-seconds.ts";
import { otherLoad } from "./other-load.ts";
import { predictSeconds, type StageFactors } from "./predict-seconds.ts";
import { readSpeedHistory, type SpeedHistory, type SpeedRun, writeSpeedHistory } from "./speed-history.ts";

export interface Planned {
  source: Source;
  plan: Plan;
}

interface SpeedOptions {
  programs: Programs;
  /** Keeps what was learned about this machine. */
  workDir: string;
  workers?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface IngestPrediction {
  /** Until viewers get the film. */
  seconds: number;
  packageBytes: number;
}

/**
 * What an ingest will take on this machine as it is now: by what former ones took, or by a small encode where there were none. Films differ, so
 * the size of a package is that of former ones too, beside what its rates allow.
 */
export async function predictIngest(planned: Planned, options: SpeedOptions): Promise<IngestPrediction> {
  const { programs, workDir, workers, signal } = options;
  const version = programs.ffmpeg.version;
  const history = await readSpeedHistory(workDir, version);
  if (history.runs.length === 0 && history.benchmark === null) {
    history.benchmark = await benchmarkOnce(programs.ffmpeg.path, signal);
    // Knowing it again next time is worth no failure now.
    await writeSpeedHistory(workDir, version, history).catch(() => {});
  }
  const cores = availableParallelism();
  const capacity = { workers: workers ?? cores, cores, otherLoad: await otherLoad() };
  const alike = runsLike(settingsOf(planned.plan), history);
  const work = workloadOf(planned, version);
  const packageBytes = Math.round(work.packageBytes * (median(alike.flatMap(({ size }) => size ?? [])) ?? 1));
  const seconds = predictSeconds({ ...work, packageBytes }, factorsOf(alike, history.benchmark), capacity);
  return { seconds, packageBytes };
}

const benchmarks = new Map<string, Promise<number>>();

/** Films that are looked at together share it: several at once would slow each other down, and count each other's CPU. */
function benchmarkOnce(ffmpeg: string, signal?: AbortSignal): Promise<number> {
  const running = benchmarks.get(ffmpeg) ?? benchmarkSpeed(ffmpeg, signal);
  benchmarks.set(ffmpeg, running);
  running.catch(() => benchmarks.delete(ffmpeg));
  return running;
}

/** Remembers what an ingest took, once it is done; one that went on with the work of another says nothing. */
export async function recordIngest(
  { source, plan }: Planned,
  { report, tookSeconds }: { report: PackageReport; tookSeconds: number },
  { programs, workDir }: SpeedOptions,
): Promise<void> {
  if (report.chunks.some(({ reused }) => reused)) return;
  const version = programs.ffmpeg.version;
  const packageBytes = report.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const work = workloadOf({ source, plan }, version);
  const nominal = nominalSeconds({ ...work, packageBytes });
  const timed = report.timings.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
  const seconds: Partial<StageSeconds> = { upload: Math.max(0, tookSeconds - timed) };
  for (const { stage, wallSeconds, cpuSeconds } of report.timings) {
    const known = timedStages.find((name) => name === (partOf[stage] ?? stage));
    const took = known === "transcode" ? (cpuSeconds ?? wallSeconds) : wallSeconds;
    if (known) seconds[known] = (seconds[known] ?? 0) + took;
  }
  const factors: Partial<StageFactors> = {};
  for (const stage of timedStages) {
    const took = seconds[stage];
    if (took !== undefined) factors[stage] = took / nominal[stage];
  }
  const history = await readSpeedHistory(workDir, version);
  history.runs.push({ settings: settingsOf(plan), factors, size: packageBytes / work.packageBytes });
  await writeSpeedHistory(workDir, version, history);
}

/** Stages that do the same kind of work as another. */
const partOf: Readonly<Record<string, TimedStage>> = {
  analyse: "transcode",
  measure: "transcode",
};

function workloadOf({ source, plan }: Planned, ffmpegVersion: string): Workload {
  const tasks = planChunkTasks({ ...source, sha256: "" }, plan, ffmpegVersion);
  return { source, plan, tasks, packageBytes: likelyPackageBytes(plan, source) };
}

function settingsOf({ video, ladder }: Plan): string {
  return [...new Set(video.map(({ codec, preset }) => `${codec} ${preset}`)), ladder.from].join(", ");
}

/** The latest, of those with the same settings where there are some. */
function runsLike(settings: string, { runs }: SpeedHistory): SpeedRun[] {
  const same = runs.filter((run) => run.settings === settings);
  return (same.length > 0 ? same : runs).slice(-15);
}

function factorsOf(runs: readonly SpeedRun[], benchmark: number | null): StageFactors {
  const factor = (stage: TimedStage) => median(runs.flatMap(({ factors }) => factors[stage] ?? []));
  return {
    admit: factor("admit") ?? 1,
    transcode: factor("transcode") ?? benchmark ?? 1,
    package: factor("package") ?? 1,
    verify: factor("verify") ?? 1,
    upload: factor("upload") ?? 1,
  };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
