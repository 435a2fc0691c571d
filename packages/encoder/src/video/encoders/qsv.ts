import type { Preset } from "../../plan/preset.ts";
import { averageRate, type Encoder, hardwareProfile, rateCap, words } from "./encoder.ts";

/**
 * Intel Quick Sync. Every I-frame is a key frame (`idr_interval` counts those that are none), and none is put at a scene's beginning.
 * https://trac.ffmpeg.org/wiki/Hardware/QuickSync
 */
export const qsv: Encoder = {
  options: (rendition, { gopFrames }) =>
    words(
      `-c:v ${rendition.encoder} -preset ${presetOf[rendition.preset]} ${hardwareProfile(rendition)}`,
      `-pix_fmt ${rendition.dynamicRange === "sdr" ? "nv12" : "p010le"}`,
      `-g ${gopFrames} -flags:v +cgop -forced_idr 1 -adaptive_i 0 -adaptive_b 0`,
      rendition.codec === "av1" ? "" : "-idr_interval 0",
      `${averageRate(rendition)} ${rateCap(rendition)}`,
    ),
};

const presetOf: Readonly<Record<Preset, string>> = {
  ultrafast: "veryfast",
  superfast: "veryfast",
  veryfast: "veryfast",
  faster: "faster",
  fast: "fast",
  medium: "medium",
  slow: "slow",
  slower: "slower",
};
