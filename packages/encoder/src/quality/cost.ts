import type { VideoRendition } from "../plan/video-rendition.ts";
import type { PictureSize } from "../plan/ladder.ts";
import type { Plan } from "../plan/plan.ts";
import { encodingSeconds } from "../speed/encoding-seconds.ts";
import { framesToMeasure } from "./measured-frames.ts";
import { isProbed, probesOf } from "./probe-grid.ts";

/** All in CPU seconds, as those of encodes. Probes are coarser than the fixed ladder on average, and coarse is quicker. */
const probeShare = 0.85;
/** To decode an encode up to a few frames of a GOP, enlarge and compare them, for each pixel of the viewing size. */
const scoringPerPixel = 0.32e-6;

/** Of encoding the fixed ladder of the codecs that are analysed. */
export function fixedLadderSeconds({
  video,
  expectedFrames,
}: Pick<Plan, "video" | "expectedFrames">): number {
  return encodeSeconds(video.filter(isProbed), expectedFrames);
}

/** Of one sample: encoded in every way, and scored. */
export function sampleSeconds({ video, poster }: Pick<Plan, "video" | "poster">, frames: number): number {
  const probes = [...Map.groupBy(video.filter(isProbed), ({ codec }) => codec).values()].flatMap(probesOf);
  return encodeSeconds(probes, frames) * probeShare + probes.length * pixels(poster) * scoringPerPixel;
}

/** Of what an ingest finds out about quality: before the encode, and after it. */
export function qualitySeconds(plan: Plan): number {
  const { ladder, video, poster, expectedFrames } = plan;
  const analysis = ladder.from === "analysis" ? ladder.samples * sampleSeconds(plan, ladder.framesEach) : 0;
  const windows = framesToMeasure(expectedFrames, plan).length;
  return analysis + windows * video.length * pixels(poster) * scoringPerPixel;
}

function encodeSeconds(renditions: readonly VideoRendition[], frames: number): number {
  return renditions.reduce(
    (sum, one) => sum + encodingSeconds(frames * pixels(one), one.codec, one.preset),
    0,
  );
}

function pixels({ width, height }: PictureSize): number {
  return width * height;
}
