import type { DynamicRange, PictureColor } from "../source/color.ts";
import type { FieldOrder } from "../source/field-order.ts";
import type { HdrMetadata } from "../source/mastering.ts";
import type { Orientation } from "../source/orientation.ts";
import type { AdmittedSource } from "../source/admit.ts";
import { fps } from "./frame-rate.ts";
import type { PictureSize } from "./ladder.ts";

/** What the master's pictures are, so far as it decides what is done to them before they are scaled to the rungs. */
export interface PicturePlan {
  /** What all times of the film are moved by, so that the pictures stand at whole frames. */
  shiftSeconds: number;
  /** A film that changes on the way is brought to what it was at its beginning; a format that no filter writes stays as it is. */
  coded: PictureSize & { pixelFormat: string | null };
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

export function planPicture(source: AdmittedSource): PicturePlan {
  const { video } = source;
  const { width, height, fields, orientation, hasAlpha, isDeep, color, dynamicRange, hdr } = video;
  const pixelFormat = isWritable(video.pixelFormat) ? video.pixelFormat : null;
  return {
    shiftSeconds: shiftToFrames(source),
    coded: { width, height, pixelFormat },
    fields,
    orientation,
    hasAlpha,
    isDeep,
    color,
    dynamicRange,
    hdr,
  };
}

/**
 * Pictures of a constant rate that first show between two frames are moved to the nearer, and the sound with them. Left to the rounding of each
 * picture's time, those near the middle would fall to both sides, as a container that counts milliseconds tells them.
 */
function shiftToFrames({ pictureDelaySeconds, video, frameRate }: AdmittedSource): number {
  if (video.variableFrameRate) return 0;
  return Math.round(pictureDelaySeconds * fps(frameRate)) / fps(frameRate) - pictureDelaySeconds;
}

function isWritable(format: string | null): boolean {
  return /^(yuva?j?4|gbra?p|gray|rgb|bgr|argb|abgr|nv|p0|p2|p4|yuyv|uyvy)/.test(format ?? "");
}
