import { formatFrameRate, fps } from "../plan/frame-rate.ts";
import type { PicturePlan } from "../plan/picture-plan.ts";
import type { Plan } from "../plan/plan.ts";
import type { FieldOrder } from "../source/field-order.ts";
import type { Orientation } from "../source/orientation.ts";

/**
 * Brings the master's pictures to a constant rate, progressive, upright and opaque, from a time of the film on. Frames before the start fall
 * away, and the one that is shown when it comes is repeated if it came earlier: so a film whose sound begins first begins with both, and a
 * chunk with what a whole encode shows there.
 */
export function pictureFilters(plan: Plan, startSeconds: number): string[] {
  const { picture, frameRate } = plan;
  const back = (startSeconds - picture.shiftSeconds).toFixed(6);
  return [
    ...steadySize(picture),
    ...(picture.fields ? deinterlacing[picture.fields] : []),
    ...(Number(back) === 0 ? [] : [`setpts=PTS-(${back})/TB`]),
    `fps=${formatFrameRate(frameRate)}:start_time=0`,
    ...fillingTheEnd(plan, startSeconds),
    ...evenSides(picture),
    ...turning[picture.orientation],
    ...flattening(picture),
  ];
}

/** The last picture that could be decoded stands until the film's end; gaps before it were filled by `fps`. */
function fillingTheEnd({ tolerateErrors, expectedFrames, frameRate }: Plan, startSeconds: number): string[] {
  const left = Math.max(1, expectedFrames - Math.round(startSeconds * fps(frameRate)));
  return tolerateErrors ? [`tpad=stop_mode=clone:stop=${left}`] : [];
}

/** Passes everything on as it is, until size or format change in the middle of the film: `-reinit_filter 0` leaves that to it. */
function steadySize({ coded: { width, height, pixelFormat } }: PicturePlan): string[] {
  return [`scale=${width}:${height}:interl=-1`, ...(pixelFormat === null ? [] : [`format=${pixelFormat}`])];
}

/** One frame for both fields of one: the rate stays what the master says. */
const bwdif = "bwdif=mode=send_frame:deint=all";

const deinterlacing: Readonly<Record<FieldOrder, readonly string[]>> = {
  flagged: [bwdif],
  "top-first": ["setfield=tff", bwdif],
  "bottom-first": ["setfield=bff", bwdif],
};

/** 4:2:0 has no odd ones; to lose a line is better than to resample all of them. */
function evenSides({ coded: { width, height } }: PicturePlan): string[] {
  const [oddWidth, oddHeight] = [width % 2, height % 2];
  return oddWidth + oddHeight === 0 ? [] : [`crop=${width - oddWidth}:${height - oddHeight}:0:0`];
}

/** By filters, because ffmpeg's own way is lost where the film is read from a copy in another container. */
const turning: Readonly<Record<Orientation, readonly string[]>> = {
  upright: [],
  clockwise: ["transpose=clock"],
  "upside-down": ["hflip", "vflip"],
  counterclockwise: ["transpose=cclock"],
  mirrored: ["hflip"],
  "mirrored-upside-down": ["vflip"],
  transposed: ["transpose=cclock_flip"],
  "transposed-upside-down": ["transpose=clock_flip"],
};

/** On black. What was YUV is RGB after it. */
function flattening({ hasAlpha, isDeep, color }: PicturePlan): string[] {
  if (!hasAlpha) return [];
  const [layered, flat] = isDeep ? ["gbrap16", "gbrp16"] : ["gbrap", "gbrp"];
  const matrix = color.isRgb ? "" : `=in_color_matrix=${color.matrix}:in_range=${color.range}`;
  return [`scale${matrix}`, `format=${layered}`, "premultiply=inplace=1", `format=${flat}`];
}
