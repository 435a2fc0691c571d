import { type VideoRendition, switchingSetName } from "./video-rendition.ts";
import { availableParallelism } from "node:os";
import { EncoderError, formatBytes } from "../errors.ts";
import type { VideoStream } from "../source/video-stream.ts";
import type { Plan } from "./plan.ts";

/**
 * Bytes for each pixel of a rendition: the frames that an encoder looks ahead and refers to. Peak memory with one thread at 1280x720, less
 * the decoder's; x264 keeps more frames the slower its preset is.
 */
const x264BytesPerPixel: Readonly<Record<string, number>> = {
  ultrafast: 50,
  superfast: 60,
  veryfast: 110,
  faster: 150,
  fast: 190,
  medium: 225,
  slow: 270,
  slower: 320,
};
const bytesPerPixel: Readonly<Record<string, number>> = { hevc: 260, av1: 390 };
/** 10 bits lie in two bytes. */
const deepShare = 1.6;
/** Decoding 1920x1080 took 53 MB. */
const decoderBytesPerPixel = 30;
/** A subtitle over 1920x1080, and the frames that wait for it, took 52 MB more. */
const burnBytesPerPixel = 25;
const programBytes = 40_000_000;
/** Films differ, and the other programs of the machine want something too. */
const margin = 1.25;

/** What the largest chunk task takes: all renditions of one switching set at once. */
export function predictMemoryBytes(
  plan: Pick<Plan, "video" | "burnedSubtitle">,
  video: Pick<VideoStream, "width" | "height">,
): number {
  const tasks = Map.groupBy(plan.video, switchingSetName);
  const encoders = [...tasks.values()].map((renditions) =>
    renditions.reduce((sum, one) => sum + encoderBytes(one), 0),
  );
  const decoder = video.width * video.height * decoderBytesPerPixel;
  const { width, height } = plan.burnedSubtitle?.size ?? { width: 0, height: 0 };
  const burn = width * height * burnBytesPerPixel;
  return Math.round((programBytes + decoder + burn + Math.max(0, ...encoders)) * margin);
}

function encoderBytes({ codec, preset, width, height, dynamicRange }: VideoRendition): number {
  const perPixel = codec === "h264" ? x264BytesPerPixel[preset] : bytesPerPixel[codec];
  return width * height * (perPixel ?? 400) * (dynamicRange === "sdr" ? 1 : deepShare);
}

/**
 * How many chunks this machine encodes at once: one a core, or as many as its memory holds. Throws `no_memory` where it does not hold one, before
 * an hour of work.
 */
export function workersThatFit(
  neededBytes: number,
  wanted: number = availableParallelism(),
  availableBytes: number = process.availableMemory(),
): number {
  const fit = Math.min(wanted, Math.floor(availableBytes / neededBytes));
  if (fit >= 1) return fit;
  throw new EncoderError("no_memory", {
    message: `Encoding this film takes ${formatBytes(neededBytes)} of memory, and ${formatBytes(availableBytes)} are free.`,
    hint: "Close other programs, choose a faster preset or a smaller ladder, or encode on a machine with more memory.",
  });
}
