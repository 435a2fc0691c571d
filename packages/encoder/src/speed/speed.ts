import { availableParallelism } from "node:os";
import type { PackageReport } from "../package/report.ts";
import { predictPackageBytes } from "../plan/estimate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Programs } from "../programs/programs.ts";
import type { Source } from "../source/probe.ts";
import { planChunkTasks } from "../video/chunk-task.ts";
import { benchmarkSpeed } from "./benchmark.ts";
import { nominalSeconds, type StageSeconds, timedStages, type Workload } from "./nominal-seconds.ts";
import { otherLoad } from "./other-load.ts";
import { predictSeconds, type StageFactors } from "./predict-seconds.ts";
import { readSpeedHistory, type SpeedHistory, writeSpeedHistory } from "./speed-history.ts";

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

/** How long an ingest will take on this machine as it is now: by what former ones took, or by a small encode where there were none. */
export async function predictIngestSeconds(planned: Planned, options: SpeedOptions): Promise<number> {
  const { programs, workDir, workers, signal } = options;
  const version = programs.ffmpeg.version;
  const history = await readSpeedHistory(workDir, version);
  if (history.runs.length === 0 && history.benchmark === null) {
    history.benchmark = await benchmarkSpeed(programs.ffmpeg.path, signal);
    // Knowing it again next time is worth no failure now.
    await writeSpeedHistory(workDir, version, history).catch(() => {});
  }
  const cores = availableParallelism();
  const capacity = { workers: workers ?? cores, cores, otherLoad: await otherLoad() };
  const factors = factorsFor(settingsOf(planned.plan), history);
  return predictSeconds(workloadOf(planned, version), factors, capacity);
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
  const nominal = nominalSeconds({ ...workloadOf({ source, plan }, version), packageBytes });
  const timed = report.timings.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0);
  const seconds: Partial<StageSeconds> = { upload: Math.max(0, tookSeconds - timed) };
  for (const { stage, wallSeconds, cpuSeconds } of report.timings) {
    const known = timedStages.find((name) => name === (partOf[stage] ?? stage));
    const took = known === "transcode" ? (cpuSeconds ?? wallSeconds) : wallSeconds;
    if (known) seconds[known] = (seconds[known] ?? 0) + took;
  }
  const factors = Object.fromEntries(
    Object.entries(seconds).map(([stage, took]) => [stage, took / nominal[stage as keyof StageSeconds]]),
  );
  const history = await readSpeedHistory(workDir, version);
  history.runs.push({ settings: settingsOf(plan), factors });
  await writeSpeedHistory(workDir, version, history);
}

/** Stages that do the same kind of work as another. */
const partOf: Readonly<Record<string, (typeof timedStages)[number]>> = {
  analyse: "transcode",
  measure: "transcode",
};

function workloadOf({ source, plan }: Planned, ffmpegVersion: string): Workload {
  const tasks = planChunkTasks({ ...source, sha256: "" }, plan, ffmpegVersion);
  return { source, plan, tasks, packageBytes: predictPackageBytes(plan) };
}

function settingsOf({ video }: Plan): string {
  return [...new Set(video.map(({ codec, preset }) => `${codec} ${preset}`))].join(", ");
}

/** The median of the latest runs, of those with the same settings where there are some. */
function factorsFor(settings: string, { benchmark, runs }: SpeedHistory): StageFactors {
  const same = runs.filter((run) => run.settings === settings);
  const latest = (same.length > 0 ? same : runs).slice(-15);
  const factor = (stage: (typeof timedStages)[number]): number | undefined =>
    median(latest.flatMap(({ factors }) => factors[stage] ?? []));
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
