import type { Preset } from "../../plan/preset.ts";
import type { Chromaticity, HdrMetadata } from "../../source/mastering.ts";
import { type Encoder, rateCap, words } from "./encoder.ts";

/** SVT-AV1 with key frames only where a GOP begins (`irefresh-type=2`), on one logical processor; its bytes repeat. */
export const svtAv1: Encoder = {
  options(rendition, { gopFrames, hdr }) {
    const isHdr = rendition.dynamicRange !== "sdr";
    const params = ["scd=0:irefresh-type=2:lp=1", ...(isHdr ? hdrParams(hdr) : [])];
    return words(
      `-c:v libsvtav1 -preset ${presetOf[rendition.preset]} -pix_fmt ${isHdr ? "yuv420p10le" : "yuv420p"}`,
      `-g ${gopFrames} -crf ${rendition.crf} ${rateCap(rendition)}`,
      `-svtav1-params ${params.join(":")}`,
    );
  },
};

/** Each takes two to three times as long as x264 at its own, 9 as 2.4 times. */
const presetOf: Readonly<Record<Preset, number>> = {
  ultrafast: 12,
  superfast: 11,
  veryfast: 10,
  faster: 9,
  fast: 8,
  medium: 7,
  slow: 6,
  slower: 4,
};

function hdrParams({ display, contentLight }: HdrMetadata): string[] {
  const point = ([x, y]: Chromaticity): string => `(${x.toFixed(5)},${y.toFixed(5)})`;
  const params: string[] = [];
  if (display) {
    const { red, green, blue, whitePoint, minLuminance, maxLuminance } = display;
    const colors = `G${point(green)}B${point(blue)}R${point(red)}WP${point(whitePoint)}`;
    params.push(`mastering-display=${colors}L(${maxLuminance.toFixed(4)},${minLuminance.toFixed(4)})`);
  }
  if (contentLight) params.push(`content-light=${contentLight.maxContent},${contentLight.maxAverage}`);
  return params;
}
