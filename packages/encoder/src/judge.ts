import { type VideoRendition, switchingSetName } from "./plan/video-rendition.ts";
import { join } from "node:path";
import type { Warning } from "./errors.ts";
import { filmToEncode } from "./burn/film-to-encode.ts";
import { fps } from "./plan/frame-rate.ts";
import type { Plan } from "./plan/plan.ts";
import type { Prepared } from "./prepare.ts";
import type { ProgressMeter } from "./progress.ts";
import { type BeatenRendition, beatenRenditions } from "./quality/beaten.ts";
import { measureRenditions } from "./quality/measure.ts";
import type { Viewing } from "./quality/metric.ts";
import type { RenditionScore } from "./quality/pool-scores.ts";
import { readChunkFrames } from "./video/chunk-frames.ts";
import { renditionFile } from "./work/rendition-file.ts";
import type { WorkFolder } from "./work/work-folder.ts";

/** What the renditions are worth. */
export interface Judgement {
  /** Without those that a cheaper one beats. */
  video: VideoRendition[];
  scores: ReadonlyMap<string, RenditionScore>;
  dropped: BeatenRendition[];
}

/** Measures every SDR rendition beside the film, and leaves out those that no player would have a reason to choose. */
export async function judge(
  prepared: Prepared,
  folder: WorkFolder,
  viewing: Viewing,
  update: ProgressMeter["update"],
): Promise<Judgement> {
  const { plan, source, programs, turns, workers, signal, warnings } = prepared;
  const ffmpeg = programs.ffmpeg.path;
  const judged = plan.video.filter(({ dynamicRange }) => dynamicRange === "sdr");
  const facts = new Map(
    await Promise.all(judged.map(async ({ id }) => [id, await factsOf(id, plan, folder)] as const)),
  );
  const scores = await measureRenditions({
    ffmpeg,
    source,
    indexed: await filmToEncode(prepared, folder.renditions),
    plan,
    viewing,
    renditions: judged,
    frames: Math.min(...[...facts.values()].map(({ frames }) => frames)),
    folder: folder.renditions,
    workers,
    turns,
    signal,
    onProgress: update,
  });
  const dropped = [...Map.groupBy(judged, switchingSetName).values()].flatMap((set) =>
    beatenRenditions(
      set.flatMap(({ id, height }) => {
        const [score, kbps] = [scores.get(id), facts.get(id)?.kbps];
        return score && kbps !== undefined ? [{ id, height, kbps, score }] : [];
      }),
    ),
  );
  warnings.push(
    ...dropped.map(toWarning),
    ...(programs.ffmpeg.capabilities.has("libvmaf") ? [] : [withoutVmaf]),
  );
  const gone = new Set(dropped.map(({ id }) => id));
  return { video: plan.video.filter(({ id }) => !gone.has(id)), scores, dropped };
}

async function factsOf(
  id: string,
  { frameRate }: Plan,
  { renditions }: WorkFolder,
): Promise<{ frames: number; kbps: number }> {
  const { count, bytes } = await readChunkFrames(join(renditions, renditionFile(id)));
  return { frames: count, kbps: (bytes * 8 * fps(frameRate)) / Math.max(1, count) / 1000 };
}

const withoutVmaf: Warning = {
  code: "vmaf_not_available",
  message: "This ffmpeg has no libvmaf: the renditions are judged by SSIM.",
};

function toWarning({ id, kbps, score, by }: BeatenRendition): Warning {
  const [own, other] = [{ kbps, score }, by].map(
    (rendition) => `${Math.round(rendition.kbps)} kbps, ${rendition.score.mean}`,
  );
  return {
    code: "rendition_dropped",
    message: `${id} (${own}) is left out: ${by.id} (${other}) looks as good for less.`,
  };
}
