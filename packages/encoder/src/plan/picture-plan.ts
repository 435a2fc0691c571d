import type { DynamicRange, PictureColor } from "../source/color.ts";
import type { FieldOrder } from "../source/field-order.ts";
import type { HdrMetadata } from "../source/mastering.ts";
import type { Orientation } from "../source/orientation.ts";
import type { VideoStream } from "../source/video-stream.ts";
import type { PictureSize } from "./ladder.ts";

/** What the master's pictures are, so far as it decides what is done to them before they are scaled to the rungs. */
export interface PicturePlan {
  /** A film whose size changes on the way is brought to that of its beginning. */
  coded: PictureSize;
  /** Null for progressive pictures. */
  fields: FieldOrder | null;
  orientation: Orientation;
  hasAlpha: boolean;
  /** More than 8 bits. */
  isDeep: boolean;
  color: PictureColor;
  dynamicRange: DynamicRange;
  hdr: HdrMetadata;
}

export function planPicture(video: VideoStream): PicturePlan {
  const { width, height, fields, orientation, hasAlpha, isDeep, color, dynamicRange, hdr } = video;
  return { coded: { width, height }, fields, orientation, hasAlpha, isDeep, color, dynamicRange, hdr };
}
