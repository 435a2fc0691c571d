import { type Encoder, rateCap, words } from "./encoder.ts";

/**
 * Constant quality under a ceiling; every GOP closed and equally long, so that all renditions switch at the same frames. One thread an
 * encoder: the chunks keep the cores busy, and only so do the bytes repeat (several threads share the rate's buffer as they happen to run).
 */
export const x264: Encoder = {
  options: (rendition, { gopFrames }) =>
    words(
      `-c:v libx264 -preset ${rendition.preset} -profile:v high -pix_fmt yuv420p -flags:v +bitexact -threads 1`,
      `-crf ${rendition.crf} ${rateCap(rendition)}`,
      `-x264-params keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:open-gop=0`,
    ),
};
