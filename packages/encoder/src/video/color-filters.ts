import type { PictureSize } from "../plan/ladder.ts";
import type { PicturePlan } from "../plan/picture-plan.ts";
import type { DynamicRange, PictureColor } from "../source/color.ts";

/** What the renditions of a dynamic range are, however the master was. All are 4:2:0 with limited range. */
const targets = {
  sdr: { primaries: "bt709", transfer: "bt709", matrix: "bt709", format: "yuv420p" },
  pq: { primaries: "bt2020", transfer: "smpte2084", matrix: "bt2020nc", format: "yuv420p10" },
  hlg: { primaries: "bt2020", transfer: "arib-std-b67", matrix: "bt2020nc", format: "yuv420p10" },
} as const;

export interface RenditionColor {
  primaries: string;
  transfer: string;
  matrix: string;
  format: string;
}

export function colorOfRendition(dynamicRange: DynamicRange): RenditionColor {
  return targets[dynamicRange];
}

/** Scales the master's pictures to a size, in the colours of a rendition, and says of them which those are. */
export function scaleAndConvert(picture: PicturePlan, to: DynamicRange, size: PictureSize): string[] {
  const target = targets[to];
  return [
    ...convert({ ...picture, color: colorAfterFlattening(picture) }, to, size),
    `format=${target.format}`,
    tagged({ ...target, range: "limited" }),
    "setsar=1",
  ];
}

function colorAfterFlattening({ color, hasAlpha }: PicturePlan): PictureColor {
  return hasAlpha ? { ...color, isRgb: true, matrix: "gbr", range: "full" } : color;
}

function convert(picture: PicturePlan, to: DynamicRange, { width, height }: PictureSize): string[] {
  const { color } = picture;
  const target = targets[to];
  const scale = `scale=${width}:${height}:flags=bicubic`;
  // Tagged, because zscale refuses what the file leaves open.
  const deep = [scale, `format=${color.isRgb ? "gbrp12" : "yuv422p12"}`, tagged(color)];
  if (picture.dynamicRange !== to) return [...deep, ...toneMap(picture)];
  const matrices = { from: swscaleMatrices.get(color.matrix), to: swscaleMatrices.get(target.matrix) };
  if (color.primaries === target.primaries && hasLookOf(color.transfer, target.transfer)) {
    if (color.isRgb) return [`${scale}:out_color_matrix=${matrices.to}:out_range=limited`];
    const range = `${scale}:in_range=${color.range}:out_range=limited`;
    if (color.matrix === target.matrix) return [range];
    if (matrices.from) return [`${range}:in_color_matrix=${matrices.from}:out_color_matrix=${matrices.to}`];
  }
  return [...deep, throughLight(target)];
}

/** As swscale calls those that it knows. */
const swscaleMatrices: ReadonlyMap<string, string> = new Map([
  ["bt709", "bt709"],
  ["bt470bg", "bt601"],
  ["smpte170m", "bt601"],
  ["smpte240m", "smpte240m"],
  ["fcc", "fcc"],
  ["bt2020nc", "bt2020"],
]);

/** Cameras follow one curve under several names, and what was graded by sRGB is shown by it on the same screens. */
const cameraCurves: readonly string[] = [
  "bt709",
  "smpte170m",
  "bt2020-10",
  "bt2020-12",
  "iec61966-2-1",
  "iec61966-2-4",
];

function hasLookOf(transfer: string, other: string): boolean {
  return transfer === other || (cameraCurves.includes(transfer) && cameraCurves.includes(other));
}

/** cd/m² of a white page in HDR (ITU-R BT.2408): it and what is darker keep their looks, what is brighter is rolled off. */
const referenceWhite = 203;
/** What most masters are graded to, and what the full signal of HLG stands for. */
const usualPeak = 1000;

function toneMap({ hdr, dynamicRange }: PicturePlan): string[] {
  const told = hdr.contentLight?.maxContent ?? hdr.display?.maxLuminance;
  const peak = dynamicRange === "pq" && told !== undefined ? Math.max(told, referenceWhite) : usualPeak;
  return [
    `zscale=t=linear:npl=${referenceWhite}`,
    "format=gbrpf32",
    "zscale=p=bt709",
    `tonemap=mobius:param=0.3:desat=0:peak=${(peak / referenceWhite).toFixed(3)}`,
    throughLight(targets.sdr),
  ];
}

/** Other primaries or another curve, as a screen shows them: zscale takes BT.709 for what screens do (BT.1886), not for what cameras do. */
function throughLight({ primaries, transfer, matrix }: Omit<Tags, "range">): string {
  return `zscale=p=${primaries}:t=${transfer}:m=${matrix}:r=limited:d=ordered`;
}

type Tags = Pick<PictureColor, "primaries" | "transfer" | "matrix" | "range">;

function tagged({ primaries, transfer, matrix, range }: Tags): string {
  return `setparams=range=${range}:color_primaries=${primaries}:color_trc=${transfer}:colorspace=${matrix}`;
}
