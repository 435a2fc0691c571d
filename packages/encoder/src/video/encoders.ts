import {
  type HardwareFamily,
  type SoftwareEncoder,
  type VideoEncoder,
  type VideoRendition,
  hardwareFamilies,
} from "../plan/video-rendition.ts";
import type { Plan } from "../plan/plan.ts";
import type { Encoder } from "./encoders/encoder.ts";
import { nvenc } from "./encoders/nvenc.ts";
import { qsv } from "./encoders/qsv.ts";
import { svtAv1 } from "./encoders/svt-av1.ts";
import { vaapi } from "./encoders/vaapi.ts";
import { videotoolbox } from "./encoders/videotoolbox.ts";
import { x264 } from "./encoders/x264.ts";
import { x265 } from "./encoders/x265.ts";

const software: Readonly<Record<SoftwareEncoder, Encoder>> = {
  libx264: x264,
  libx265: x265,
  libsvtav1: svtAv1,
};
const hardware: Readonly<Record<HardwareFamily, Encoder>> = { nvenc, vaapi, qsv, videotoolbox };

export function encoderOptions(
  rendition: VideoRendition,
  { gopFrames, picture }: Pick<Plan, "gopFrames" | "picture">,
): string[] {
  return encoderNamed(rendition.encoder).options(rendition, { gopFrames, hdr: picture.hdr });
}

export function encoderNamed(name: VideoEncoder): Encoder {
  const family = hardwareFamilies.find((family) => name.endsWith(`_${family}`));
  if (family) return hardware[family];
  const found = Object.entries(software).find(([known]) => known === name);
  if (found) return found[1];
  throw new RangeError(`There is no encoder ${name}.`);
}
