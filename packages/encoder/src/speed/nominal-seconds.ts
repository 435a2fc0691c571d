import { switchingSetName } from "../plan/video-rendition.ts";
import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Source } from "../source/probe.ts";
import { qualitySeconds } from "../quality/cost.ts";
import type { ChunkTask } from "../video/chunk-task.ts";
import { encodingSeconds } from "./encoding-seconds.ts";

/** The stages whose time grows with the film; the others take a moment. Publishing counts to the upload. */
export const timedStages = ["admit", "transcode", "package", "verify", "upload"] as const;
export type TimedStage = (typeof timedStages)[number];
export type StageSeconds = Record<TimedStage, number>;

/** What decides how long an ingest takes. */
export interface Workload {
  source: Pick<Source, "sizeBytes" | "video">;
  plan: Plan;
  tasks: readonly Pick<ChunkTask, "codec" | "switchingSet" | "cost">[];
  packageBytes: number;
}

/**
 * Seconds of each stage on the machine that the constants below were taken on: of CPU for the transcode, of the clock for the others. How
 * another machine, or this one with other films, differs from it is a factor a stage.
 */
export function nominalSeconds(work: Workload): StageSeconds {
  const { source, plan, tasks, packageBytes } = work;
  return {
    admit: 0.3 + source.sizeBytes / 1e9,
    // With what belongs to it: the analysis before it, and the measuring after it.
    transcode: tasks.reduce(
      (sum, task) => sum + chunkSeconds(task, work),
      soundSeconds(plan) + qualitySeconds(plan),
    ),
    package: 0.4 + packageBytes / 100e6,
    verify: 0.2 + packageBytes / 250e6,
    upload: 0.8 + packageBytes / 60e6,
  };
}

/** Of one core: the master is decoded and scaled once a switching set, and encoded once a rendition. */
export function chunkSeconds(
  { codec, switchingSet, cost }: Workload["tasks"][number],
  { source, plan }: Pick<Workload, "source" | "plan">,
): number {
  const renditions = plan.video.filter((rendition) => switchingSetName(rendition) === switchingSet);
  const pixelsPerFrame = renditions.reduce((sum, { width, height }) => sum + width * height, 0);
  const frames = cost / Math.max(1, pixelsPerFrame);
  const decodedPixels = frames * source.video.width * source.video.height;
  const [best] = renditions;
  const isToneMapped = best?.dynamicRange === "sdr" && source.video.dynamicRange !== "sdr";
  const toneMappedPixels = isToneMapped ? frames * best.width * best.height : 0;
  return (
    decodedPixels / decodedPixelsPerSecond +
    toneMappedPixels / toneMappedPixelsPerSecond +
    encodingSeconds(cost, codec, best?.preset ?? "faster")
  );
}

const decodedPixelsPerSecond = 90e6;
const toneMappedPixelsPerSecond = 62e6;

function soundSeconds({ audio, expectedFrames, frameRate }: Plan): number {
  const filmSeconds = expectedFrames / fps(frameRate);
  return audio.reduce((sum, { channels }) => sum + filmSeconds * channels * 0.006, 0);
}
