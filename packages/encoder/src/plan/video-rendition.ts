import type { DynamicRange } from "../source/color.ts";
import type { PictureSize } from "./ladder.ts";
import type { Preset } from "./preset.ts";
import type { VideoCodec } from "./video-codecs.ts";

export interface VideoRendition extends PictureSize {
  id: string;
  codec: VideoCodec;
  /** Of 10 bits where it is not SDR. */
  dynamicRange: DynamicRange;
  encoder: VideoEncoder;
  crf: number;
  preset: Preset;
  maxrateKbps: number;
}

/** Renditions among which a player switches while it plays (ISO/IEC 23000-19): of one codec and one dynamic range. */
export interface SwitchingSet {
  codec: VideoCodec;
  dynamicRange: DynamicRange;
}

/** Names the set of a rendition: `h264`, `hevc`, `hevc-hdr`. */
export function switchingSetName({ codec, dynamicRange }: SwitchingSet): string {
  return dynamicRange === "sdr" ? codec : `${codec}-hdr`;
}

export const softwareEncoders = {
  h264: "libx264",
  hevc: "libx265",
  av1: "libsvtav1",
} as const satisfies Record<VideoCodec, string>;

export const hardwareFamilies = ["nvenc", "vaapi", "qsv", "videotoolbox"] as const;
export type HardwareFamily = (typeof hardwareFamilies)[number];

/** `auto` takes the first family that works for a codec; a family that is named has to. */
export const hardwareChoices = ["none", "auto", ...hardwareFamilies] as const;
export type HardwareChoice = (typeof hardwareChoices)[number];

export type SoftwareEncoder = (typeof softwareEncoders)[VideoCodec];

/** As ffmpeg calls them. */
export type VideoEncoder = SoftwareEncoder | `${VideoCodec}_${HardwareFamily}`;
export type VideoEncoders = Readonly<Record<VideoCodec, VideoEncoder>>;
