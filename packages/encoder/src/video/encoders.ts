import type { Plan, VideoRendition } from "../plan/plan.ts";

/**
 * Constant quality under a ceiling; every GOP closed and equally long, so that all renditions switch at the same frames. One thread an
 * encoder: the chunks keep the cores busy, and only so do the bytes repeat (several threads share the rate's buffer as they happen to run).
 */
export function encoderOptions(
  { preset, crf, maxrateKbps }: VideoRendition,
  { gopFrames }: Pick<Plan, "gopFrames">,
): string[] {
  return [
    `-c:v libx264 -preset ${preset} -profile:v high -pix_fmt yuv420p -flags:v +bitexact -threads 1`,
    `-crf ${crf} -maxrate ${maxrateKbps}k -bufsize ${maxrateKbps * 2}k`,
    `-x264-params keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:open-gop=0`,
  ].flatMap((options) => options.split(" "));
}
