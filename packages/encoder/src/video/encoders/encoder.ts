import type { VideoRendition } from "../../plan/video-rendition.ts";
import type { HdrMetadata } from "../../source/mastering.ts";

/** What an encoder has to know beside its rendition. */
export interface EncodedFilm {
  gopFrames: number;
  hdr: HdrMetadata;
}

/** One way to encode: ffmpeg's options for it, and what has to be there for them. */
export interface Encoder {
  /** Of the output. */
  options(rendition: VideoRendition, film: EncodedFilm): string[];
  /** Filters that bring the finished pictures to where it takes them from. */
  upload?(rendition: VideoRendition): string[];
  /** Options before the input. */
  device?: readonly string[];
}

export function words(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(" ")).filter((word) => word !== "");
}

/** The ceiling, and two seconds of it as the most that may be borrowed. */
export function rateCap({ maxrateKbps }: VideoRendition): string {
  return `-maxrate ${maxrateKbps}k -bufsize ${maxrateKbps * 2}k`;
}

/** For those that have no constant quality: what CRF spends of its ceiling on average. */
export function averageRate({ maxrateKbps }: VideoRendition): string {
  return `-b:v ${Math.round(maxrateKbps * 0.6)}k`;
}

/** HEVC carries the tag that Apple plays. AV1 has one profile for 8 and 10 bits, which is what there is without asking. */
export function hardwareProfile({ codec, dynamicRange }: VideoRendition): string {
  if (codec === "h264") return "-profile:v high";
  if (codec === "av1") return "";
  return `-profile:v ${dynamicRange === "sdr" ? "main" : "main10"} -tag:v hvc1`;
}
