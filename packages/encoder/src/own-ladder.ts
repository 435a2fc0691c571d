import { filmToEncode } from "./burn/film-to-encode.ts";
import { workersThatFit, predictMemoryBytes } from "./plan/memory.ts";
import { switchingSetName } from "./plan/video-rendition.ts";
import type { Prepared } from "./prepare.ts";
import type { ProgressMeter } from "./progress.ts";
import { analyseTitle } from "./quality/analyse.ts";
import { type AnalysisFacts, analysisFacts } from "./quality/analysis-facts.ts";
import type { Viewing } from "./quality/metric.ts";
import { isProbed, probeRuns } from "./quality/probe-grid.ts";
import type { WorkFolder } from "./work/work-folder.ts";

export interface OwnLadder {
  /** With the rungs that are encoded. */
  prepared: Prepared;
  analysis: AnalysisFacts;
  /** Of what the chunk folder keeps of it. */
  keys: string[];
}

interface OwnLadderOptions {
  folder: WorkFolder;
  viewing: Viewing;
  update: ProgressMeter["update"];
}

type Analysed = Prepared & { plan: { ladder: { from: "analysis" } } };

export function isAnalysed(prepared: Prepared): prepared is Analysed {
  return prepared.plan.ladder.from === "analysis";
}

/** Exchanges the fixed ladder for one of the film's own. */
export async function findOwnLadder(
  prepared: Analysed,
  { folder: { chunks, renditions }, viewing, update }: OwnLadderOptions,
): Promise<OwnLadder> {
  const { plan, source, programs, turns, signal } = prepared;
  const sets = Map.groupBy(plan.video.filter(isProbed), switchingSetName);
  const runs = [...sets.values()].flatMap(probeRuns);
  const neededBytes = Math.max(...runs.map((video) => predictMemoryBytes({ ...plan, video }, source.video)));
  const found = await analyseTitle({
    ffmpeg: programs.ffmpeg,
    source,
    indexed: await filmToEncode(prepared, renditions),
    plan,
    viewing,
    sampling: plan.ladder,
    chunks,
    folder: renditions,
    workers: workersThatFit(neededBytes, prepared.workers, turns?.memoryBytes),
    takeTurn: turns && ((either) => turns.take(neededBytes, either)),
    signal,
    onProgress: update,
  });
  const [best] = found.video;
  const poster = best ? { width: best.width, height: best.height } : plan.poster;
  return {
    prepared: { ...prepared, plan: { ...plan, video: found.video, poster } },
    analysis: analysisFacts(found, plan.frameRate),
    keys: found.keys,
  };
}
