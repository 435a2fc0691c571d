import type { JsonFields } from "../json-fields.ts";

/** What an HDR master was graded on (SMPTE ST 2086) and how bright it gets (CTA-861.3), for the renditions to carry on. */
export interface MasteringDisplay {
  /** CIE 1931 x and y. */
  red: Chromaticity;
  green: Chromaticity;
  blue: Chromaticity;
  whitePoint: Chromaticity;
  /** cd/m². */
  minLuminance: number;
  maxLuminance: number;
}

export type Chromaticity = readonly [x: number, y: number];

export interface ContentLight {
  /** MaxCLL and MaxFALL, cd/m²; 0 is "unknown". */
  maxContent: number;
  maxAverage: number;
}

export interface HdrMetadata {
  display: MasteringDisplay | null;
  contentLight: ContentLight | null;
}

/** Of the side data of a stream or of a frame; what is not there or says nothing is null. */
export function hdrMetadataOf(sideData: readonly JsonFields[]): HdrMetadata {
  const ofType = (type: string): JsonFields | undefined =>
    sideData.find((data) => data.text("side_data_type") === type);
  return {
    display: masteringDisplayOf(ofType("Mastering display metadata")),
    contentLight: contentLightOf(ofType("Content light level metadata")),
  };
}

function masteringDisplayOf(data: JsonFields | undefined): MasteringDisplay | null {
  if (!data) return null;
  const value = (name: string): number => rational(data.text(name));
  const point = (name: string): Chromaticity => [value(`${name}_x`), value(`${name}_y`)];
  const display: MasteringDisplay = {
    red: point("red"),
    green: point("green"),
    blue: point("blue"),
    whitePoint: point("white_point"),
    minLuminance: value("min_luminance"),
    maxLuminance: value("max_luminance"),
  };
  const { red, green, blue, whitePoint, minLuminance, maxLuminance } = display;
  const isMeant = [...red, ...green, ...blue, ...whitePoint].every((part) => part > 0 && part < 1);
  return isMeant && maxLuminance > minLuminance ? display : null;
}

function contentLightOf(data: JsonFields | undefined): ContentLight | null {
  const maxContent = data?.number("max_content") ?? 0;
  return maxContent > 0 ? { maxContent, maxAverage: data?.number("max_average") ?? 0 } : null;
}

/** `13250/50000`. */
function rational(text: string | undefined): number {
  const [numerator, denominator = 1] = (text ?? "").split("/").map(Number);
  return denominator > 0 && numerator !== undefined && Number.isFinite(numerator)
    ? numerator / denominator
    : 0;
}
