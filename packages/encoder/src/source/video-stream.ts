import type { JsonFields } from "../json-fields.ts";
import { type FrameRate, isVariable, parseFrameRate } from "../plan/frame-rate.ts";
import { colorOf, type DynamicRange, dynamicRangeOf, type PictureColor } from "./color.ts";
import { type DolbyVision, dolbyVisionOf } from "./dolby-vision.ts";
import { type FieldOrder, fieldOrderOf, isFieldOrderUnknown } from "./field-order.ts";
import { type HdrMetadata, hdrMetadataOf } from "./mastering.ts";
import { type Orientation, orientationOf, swapsSides } from "./orientation.ts";

export interface VideoStream {
  index: number;
  codec: string;
  /** As coded. */
  width: number;
  height: number;
  /** As shown: upright and with square pixels. */
  displayWidth: number;
  displayHeight: number;
  orientation: Orientation;
  averageFrameRate: FrameRate;
  realFrameRate: FrameRate;
  variableFrameRate: boolean;
  pixelFormat: string | null;
  /** Of more than 8 bits. */
  isDeep: boolean;
  hasAlpha: boolean;
  /** Null for progressive pictures. */
  fields: FieldOrder | null;
  /** The file does not say how it is, its first picture may. */
  isFieldOrderUnknown: boolean;
  color: PictureColor;
  dynamicRange: DynamicRange;
  hdr: HdrMetadata;
  dolbyVision: DolbyVision | null;
  durationSeconds: number | null;
  bitrateBps: number | null;
}

/** One video stream of ffprobe's answer. */
export function parseVideo(stream: JsonFields): VideoStream {
  const [width, height] = [stream.number("width") ?? 0, stream.number("height") ?? 0];
  const pixelFormat = stream.text("pix_fmt") ?? null;
  const orientation = orientationOf(stream);
  const shown = displaySize({ width, height }, stream.text("sample_aspect_ratio"), orientation);
  const color = colorOf(stream, { width, height, pixelFormat });
  return {
    index: stream.number("index") ?? 0,
    codec: stream.text("codec_name") ?? "unknown",
    width,
    height,
    displayWidth: shown.width,
    displayHeight: shown.height,
    orientation,
    ...ratesOf(stream),
    pixelFormat,
    isDeep: /(9|10|12|14|16|48|64|f32)(le|be)$/.test(pixelFormat ?? ""),
    hasAlpha: /^(yuva|gbrap|rgba|bgra|argb|abgr|ya8|ya16|ayuv|vuya|pal8)/.test(pixelFormat ?? ""),
    fields: fieldOrderOf(stream),
    isFieldOrderUnknown: isFieldOrderUnknown(stream),
    color,
    dynamicRange: dynamicRangeOf(color.transfer),
    hdr: hdrMetadataOf(stream.list("side_data_list")),
    dolbyVision: dolbyVisionOf(stream.list("side_data_list")),
    durationSeconds: positive(stream.number("duration")),
    bitrateBps: positive(stream.number("bit_rate")),
  };
}

function ratesOf(
  stream: JsonFields,
): Pick<VideoStream, "averageFrameRate" | "realFrameRate" | "variableFrameRate"> {
  const average = parseFrameRate(stream.text("avg_frame_rate"));
  const real = parseFrameRate(stream.text("r_frame_rate"));
  // A single-frame stream has no average; 25 then only sets how long that frame stands.
  const averageFrameRate = average ?? real ?? { num: 25, den: 1 };
  const realFrameRate = real ?? averageFrameRate;
  return { averageFrameRate, realFrameRate, variableFrameRate: isVariable(averageFrameRate, realFrameRate) };
}

export function displaySize(
  coded: { width: number; height: number },
  sampleAspectRatio: string | undefined,
  orientation: Orientation,
): { width: number; height: number } {
  const [sarWidth = 1, sarHeight = 1] = (sampleAspectRatio ?? "1:1").split(":").map(Number);
  const stretch = sarWidth > 0 && sarHeight > 0 ? sarWidth / sarHeight : 1;
  const square = { width: Math.round(coded.width * stretch), height: coded.height };
  return swapsSides(orientation) ? { width: square.height, height: square.width } : square;
}

function positive(value: number | undefined): number | null {
  return value !== undefined && value > 0 ? value : null;
}
