import { type VideoRendition, switchingSetName } from "../plan/video-rendition.ts";
import { throwIfAborted } from "../errors.ts";
import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import type { Program } from "../programs/programs.ts";
import type { AdmittedSource } from "../source/admit.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import { runPool } from "../video/pool.ts";
import type { ChunkFolder } from "../work/chunk-folder.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { chooseRungs, type ChosenRung, smallLines } from "./choose-rungs.ts";
import { convexHull } from "./hull.ts";
import { readKeyPictures } from "./key-pictures.ts";
import type { Viewing } from "./metric.ts";
import { isProbed, probeRuns } from "./probe-grid.ts";
import { probeSample } from "./probe-sample.ts";
import { chooseSamples, type Sample } from "./samples.ts";
import type { Sampling } from "./sampling.ts";

export interface AnalyseOptions {
  ffmpeg: Program;
  source: AdmittedSource & { sha256: string };
  indexed: IndexedSource;
  /** With the fixed ladder. */
  plan: Plan;
  viewing: Viewing;
  sampling: Sampling;
  chunks: ChunkFolder;
  /** For what is needed meanwhile. */
  folder: string;
  workers: number;
  /** Waits until this machine has room for one more; what it answers gives the room back. */
  takeTurn?: ((signal: AbortSignal) => Promise<() => void>) | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
}

export interface TitleAnalysis {
  /** The plan's renditions, with rungs of this title's own. */
  video: VideoRendition[];
  viewing: Viewing;
  samples: Sample[];
  ladders: LadderAnalysis[];
  /** Of what the chunk folder keeps. */
  keys: string[];
}

/** How the rungs of one switching set were found. */
export interface LadderAnalysis {
  switchingSet: string;
  /** From the lowest rate to the best score. */
  hull: Candidate[];
  rungs: ChosenRung[];
}

/** A better picture than this, few see. */
const ceilingScore = 95;

/** Encodes samples of the title in many ways, and chooses for each switching set the rungs that give most for their bits. */
export async function analyseTitle(options: AnalyseOptions): Promise<TitleAnalysis> {
  const { plan, viewing, workers, takeTurn, signal, onProgress } = options;
  const samples = await findSamples(options);
  const sets = [...Map.groupBy(plan.video.filter(isProbed), switchingSetName)];
  const jobs = sets.flatMap(([set, rungs]) =>
    samples.map((sample) => ({ set, sample, runs: probeRuns(rungs) })),
  );
  let done = 0;
  const results = await runPool(
    jobs,
    workers,
    async ({ set, sample, runs }, either) => {
      const endTurn = await takeTurn?.(either);
      const found = await probeSample(sample, { ...options, runs, signal: either }).finally(() =>
        endTurn?.(),
      );
      onProgress?.((done += 1) / jobs.length);
      return { set, weight: sample.weight, ...found };
    },
    signal,
  );
  throwIfAborted(signal);
  const ladders = sets.map(([set, rungs]) =>
    chooseLadder(
      set,
      rungs,
      results.filter((result) => result.set === set),
    ),
  );
  return {
    video: [...Map.groupBy(plan.video, switchingSetName)].flatMap(([set, fixed]) => {
      const ladder = ladders.find(({ switchingSet }) => switchingSet === set);
      return ladder ? toRenditions(ladder.rungs, fixed) : fixed;
    }),
    viewing,
    samples,
    ladders,
    keys: results.map(({ key }) => key),
  };
}

async function findSamples({
  ffmpeg,
  indexed,
  plan,
  sampling,
  folder,
  signal,
}: AnalyseOptions): Promise<Sample[]> {
  const keyPictures = await readKeyPictures({ ffmpeg: ffmpeg.path, source: indexed, folder, signal });
  const title = { framesPerSecond: fps(plan.frameRate), expectedFrames: plan.expectedFrames, keyPictures };
  return chooseSamples(title, sampling.samples, sampling.framesEach);
}

function chooseLadder(
  switchingSet: string,
  fixed: readonly VideoRendition[],
  results: readonly { weight: number; candidates: Candidate[] }[],
): LadderAnalysis {
  const candidates = candidatesOf(results.map(({ weight, candidates: probes }) => ({ weight, probes })));
  const rungs = chooseRungs(candidates, {
    ceilingScore,
    maxrateKbps: fixed[0]?.maxrateKbps ?? 0,
    smallMaxrateKbps: fixed.find(({ height }) => height <= smallLines)?.maxrateKbps ?? 0,
    floorKbps: fixed.at(-1)?.maxrateKbps ?? 0,
    maxRungs: fixed.length,
  });
  return { switchingSet, hull: convexHull(candidates), rungs };
}

/**
 * From the largest picture down, as each is scaled from the one above it; a size's second rung is called after its first: `video-1080p-2`. Where
 * none is small enough for everyone, the fixed ladder's best of those joins them.
 */
function toRenditions(rungs: readonly ChosenRung[], fixed: readonly VideoRendition[]): VideoRendition[] {
  const small = fixed.find(({ height }) => height <= smallLines);
  const found = rungs.flatMap(({ width, height, crf, maxrateKbps }) => {
    const same = fixed.find((rendition) => rendition.width === width && rendition.height === height);
    return same ? [{ ...same, crf, maxrateKbps }] : [];
  });
  const all = small && found.every(({ height }) => height > smallLines) ? [...found, small] : found;
  const sorted = all.toSorted(
    (a, b) => b.width * b.height - a.width * a.height || b.maxrateKbps - a.maxrateKbps,
  );
  return sorted.map((rendition, index) => {
    const above = sorted.slice(0, index).filter(({ id }) => id === rendition.id).length;
    return above === 0 ? rendition : { ...rendition, id: `${rendition.id}-${above + 1}` };
  });
}
