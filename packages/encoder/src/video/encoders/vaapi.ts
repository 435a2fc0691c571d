import { averageRate, type Encoder, hardwareProfile, rateCap, words } from "./encoder.ts";

/**
 * Intel and AMD on Linux, through the first render node. Of the rate controls every driver knows variable bit rate; frames are sent
 * to the card first. https://trac.ffmpeg.org/wiki/Hardware/VAAPI
 */
export const vaapi: Encoder = {
  device: words("-init_hw_device vaapi=card:/dev/dri/renderD128 -filter_hw_device card"),
  upload: ({ dynamicRange }) => [`format=${dynamicRange === "sdr" ? "nv12" : "p010"}`, "hwupload"],
  options: (rendition, { gopFrames }) =>
    words(
      `-c:v ${rendition.encoder} ${hardwareProfile(rendition)} -g ${gopFrames} -idr_interval 0 -bf 2`,
      `-rc_mode VBR ${averageRate(rendition)} ${rateCap(rendition)}`,
    ),
};
