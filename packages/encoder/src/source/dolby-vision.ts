import type { JsonFields } from "../json-fields.ts";

/** The Dolby Vision configuration record of a stream ("Dolby Vision Streams Within the ISO Base Media File Format"). */
export interface DolbyVision {
  profile: number;
  /** What a player that does not know Dolby Vision sees: 1 HDR10, 2 SDR, 4 HLG, 6 the HDR10 of a Blu-ray, 0 nothing that it could show. */
  baseLayer: number;
}

export function dolbyVisionOf(sideData: readonly JsonFields[]): DolbyVision | null {
  const record = sideData.find((data) => data.number("dv_profile") !== undefined);
  const profile = record?.number("dv_profile");
  if (record === undefined || profile === undefined) return null;
  return { profile, baseLayer: record.number("dv_bl_signal_compatibility_id") ?? 0 };
}

/** In 5 and the like the base layer is in a colour space of Dolby's own: green and violet without the metadata. */
export function hasBaseLayer({ baseLayer }: DolbyVision): boolean {
  return baseLayer !== 0;
}
