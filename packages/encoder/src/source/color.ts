import type { JsonFields } from "../json-fields.ts";

/** How the master's numbers are to be seen: ITU-T H.273 under ffmpeg's names, with what the file leaves open filled in. */
export interface PictureColor {
  /** RGB, which has no matrix. */
  isRgb: boolean;
  primaries: string;
  transfer: string;
  matrix: string;
  /** Of 8 bits: 16 to 235, or all of them. */
  range: "limited" | "full";
}

/** What viewers see more of than SDR shows: PQ (SMPTE ST 2084) or HLG (ARIB STD-B67). */
export type DynamicRange = "sdr" | "pq" | "hlg";

interface Coded {
  width: number;
  height: number;
  pixelFormat: string | null;
}

/** Reads a video stream's colour tags; where there are none, what its size and the tags that are there imply, as players do. */
export function colorOf(stream: JsonFields, { width, height, pixelFormat }: Coded): PictureColor {
  const tag = (name: string): string | undefined => {
    const value = stream.text(name);
    return value === "unknown" || value === "unspecified" || value === "reserved" ? undefined : value;
  };
  const isRgb = /^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|x2rgb|x2bgr|pal8)/.test(pixelFormat ?? "");
  const tagged = { primaries: tag("color_primaries"), matrix: tag("color_space") };
  const transfer = tag("color_transfer") ?? "bt709";
  const isWide = dynamicRangeOf(transfer) !== "sdr" || Object.values(tagged).some(isBt2020);
  const guessed = isWide ? bt2020 : guessBySize({ width, height }, tagged.matrix);
  const usesAllCodes = isRgb || tag("color_range") === "pc" || (pixelFormat ?? "").startsWith("yuvj");
  return {
    isRgb,
    primaries: tagged.primaries ?? (isRgb && !isWide ? "bt709" : guessed.primaries),
    transfer,
    matrix: isRgb ? "gbr" : (tagged.matrix ?? guessed.matrix),
    range: usesAllCodes ? "full" : "limited",
  };
}

export function dynamicRangeOf(transfer: string): DynamicRange {
  if (transfer === "smpte2084") return "pq";
  return transfer === "arib-std-b67" ? "hlg" : "sdr";
}

const bt2020 = { primaries: "bt2020", matrix: "bt2020nc" };

function isBt2020(tag: string | undefined): boolean {
  return tag?.startsWith("bt2020") ?? false;
}

/**
 * Standard definition is BT.601: with the primaries of PAL at 576 lines, of NTSC at 480 or 486, and at sizes of the web, which were scaled
 * down from HD, with those of BT.709. mpv and Chromium guess alike.
 */
function guessBySize(
  { width, height }: Pick<Coded, "width" | "height">,
  matrix: string | undefined,
): { primaries: string; matrix: string } {
  const isSd = width < 1280 && height <= 576;
  const is601 = matrix === undefined ? isSd : matrix === "smpte170m" || matrix === "bt470bg";
  if (!is601) return { primaries: "bt709", matrix: "bt709" };
  if (height === 576 || height === 288) return { primaries: "bt470bg", matrix: "bt470bg" };
  const isNtsc = height === 480 || height === 486 || height === 240;
  return { primaries: isNtsc && width <= 720 ? "smpte170m" : "bt709", matrix: "smpte170m" };
}
