import type { Preset } from "../../plan/preset.ts";
import { type Encoder, hardwareProfile, rateCap, words } from "./encoder.ts";

/**
 * NVIDIA. Constant quality under a ceiling is `-rc vbr -cq` without a bit rate; the key frames come where the GOP ends and nowhere else.
 * https://docs.nvidia.com/video-technologies/video-codec-sdk/13.0/ffmpeg-with-nvidia-gpu/index.html
 */
export const nvenc: Encoder = {
  options: (rendition, { gopFrames }) =>
    words(
      `-c:v ${rendition.encoder} -preset ${presetOf[rendition.preset]} -tune hq ${hardwareProfile(rendition)}`,
      `-pix_fmt ${rendition.dynamicRange === "sdr" ? "yuv420p" : "p010le"}`,
      `-g ${gopFrames} -bf 3 -no-scenecut 1 -forced-idr 1 -strict_gop 1 -rc-lookahead 20 -spatial-aq 1`,
      `-rc vbr -cq ${rendition.crf} -b:v 0 ${rateCap(rendition)}`,
    ),
};

const presetOf: Readonly<Record<Preset, string>> = {
  ultrafast: "p1",
  superfast: "p1",
  veryfast: "p2",
  faster: "p3",
  fast: "p4",
  medium: "p5",
  slow: "p6",
  slower: "p7",
};
