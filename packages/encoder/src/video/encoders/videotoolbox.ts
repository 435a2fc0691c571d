import { averageRate, type Encoder, hardwareProfile, rateCap, words } from "./encoder.ts";

/** Apple's. Constant quality is for Apple silicon only, so a bit rate is asked for; `cgop` closes the GOPs. */
export const videotoolbox: Encoder = {
  options: (rendition, { gopFrames }) =>
    words(
      `-c:v ${rendition.encoder} ${hardwareProfile(rendition)} -allow_sw 0 -realtime 0`,
      `-pix_fmt ${rendition.dynamicRange === "sdr" ? "nv12" : "p010le"} -g ${gopFrames} -flags:v +cgop`,
      `${averageRate(rendition)} ${rateCap(rendition)}`,
    ),
};
