import { open } from "node:fs/promises";
import { join } from "node:path";
import { readRawPictures } from "../pictures/raw-pictures.ts";
import { fps } from "../plan/frame-rate.ts";
import type { PictureSize } from "../plan/ladder.ts";
import type { Plan } from "../plan/plan.ts";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { renditionFile } from "../work/rendition-file.ts";
import { lookAt, type PictureSample } from "./picture-sample.ts";

/** A stretch of the film, looked at and listened to a few times a second. */
export interface FilmSamples {
  startSeconds: number;
  /** Between two samples. */
  everySeconds: number;
  pictures: PictureSample[];
  /** Of the sound, in dBFS; empty where there is none. */
  levels: number[];
}

export interface SampleOptions {
  ffmpeg: string;
  plan: SampledPlan;
  /** Holds the renditions; what is decoded of them lies there meanwhile. */
  renditionFolder: string;
  signal?: AbortSignal | undefined;
}

/** What is to be known of the renditions. */
type SampledPlan = Pick<Plan, "frameRate" | "gopFrames" | "gopSeconds"> & {
  video: readonly Pick<Plan["video"][number], "id" | "codec" | "width" | "height">[];
  audio: readonly { id: string }[];
};

interface Stretch {
  startSeconds: number;
  endSeconds: number;
}

/** At least: credits are to be found to the second. */
const samplesPerSecond = 4;
/** Text is still rows of strokes at this width; at half of it, small print is grey. */
const sampleWidth = 320;
const soundHertz = 8000;
/** Two minutes: 41 MB of raw pictures lie on the disk at once. */
const partGops = 60;

/**
 * Decodes a stretch of the smallest rendition and, where it is wanted, of the first sound: 1.6 CPU-s for 100 s of 234 lines, where each
 * second of the film takes 2 to 3 to encode.
 */
export async function sampleFilm(
  options: SampleOptions,
  stretch: Stretch & { silent?: boolean },
): Promise<FilmSamples> {
  const { plan } = options;
  const everyFrames = framesBetweenSamples(plan);
  const everySeconds = everyFrames / fps(plan.frameRate);
  const whole = { ...stretch, startSeconds: gopBefore(plan, stretch.startSeconds) };
  return {
    startSeconds: whole.startSeconds,
    everySeconds,
    pictures: await samplePictures(options, whole, everyFrames),
    levels: stretch.silent ? [] : await sampleSound(options, whole, everySeconds),
  };
}

/** A whole number of samples stands in a GOP, so that parts of whole GOPs join without a seam. */
function framesBetweenSamples({ gopFrames, frameRate }: SampledPlan): number {
  let frames = Math.max(1, Math.floor(fps(frameRate) / samplesPerSecond));
  while (gopFrames % frames > 0) frames -= 1;
  return frames;
}

function gopBefore({ gopSeconds }: SampledPlan, seconds: number): number {
  return Math.floor(Math.max(0, seconds) / gopSeconds) * gopSeconds;
}

async function samplePictures(
  { ffmpeg, plan, renditionFolder, signal }: SampleOptions,
  { startSeconds, endSeconds }: Stretch,
  everyFrames: number,
): Promise<PictureSample[]> {
  const from = plan.video.findLast(({ codec }) => codec === "h264");
  if (!from) return [];
  const size = sampleSize(from);
  const filter = `select=not(mod(n\\,${everyFrames})),scale=${size.width}:${size.height}:out_range=pc,format=yuvj420p`;
  const options = ["-vf", filter, "-fps_mode", "passthrough", "-c:v", "rawvideo", "-f", "rawvideo"];
  const outputs = [{ path: rawPictures, options }];
  const samples: PictureSample[] = [];
  let before: Uint8Array | undefined;
  for (let start = startSeconds; start < endSeconds; start += partGops * plan.gopSeconds) {
    const end = Math.min(endSeconds, start + partGops * plan.gopSeconds);
    const input = { path: renditionFile(from.id), options: seek(start, end) };
    await runFfmpeg({ program: ffmpeg, folder: renditionFolder, input, outputs }, { signal });
    for await (const picture of readRawPictures(join(renditionFolder, rawPictures), size)) {
      samples.push(lookAt(picture, size, before));
      before = Uint8Array.from(picture.subarray(0, size.width * size.height));
    }
  }
  return samples;
}

async function sampleSound(
  { ffmpeg, plan, renditionFolder, signal }: SampleOptions,
  { startSeconds, endSeconds }: Stretch,
  everySeconds: number,
): Promise<number[]> {
  const [from] = plan.audio;
  if (!from) return [];
  const options = `-ac 1 -ar ${soundHertz} -c:a pcm_s16le -f s16le`.split(" ");
  const input = { path: renditionFile(from.id), options: seek(startSeconds, endSeconds) };
  const outputs = [{ path: rawSound, options }];
  await runFfmpeg({ program: ffmpeg, folder: renditionFolder, input, outputs }, { signal });
  return readLevels(join(renditionFolder, rawSound), Math.round(everySeconds * soundHertz));
}

const rawPictures = "samples.yuv";
const rawSound = "samples.pcm";
/** What is left in the folder of renditions. */
export const rawSampleFiles = [rawPictures, rawSound];

/** Half a millisecond early: a seek takes the first frame at or after its time, an end the last before. */
function seek(startSeconds: number, endSeconds: number): string[] {
  const start = Math.max(0, startSeconds - 0.0005);
  return ["-ss", start.toFixed(6), "-t", (endSeconds - 0.0005 - start).toFixed(6)];
}

function sampleSize({ width, height }: PictureSize): PictureSize {
  const scale = Math.min(1, sampleWidth / width);
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2));
  return { width: even(width), height: even(height) };
}

async function readLevels(path: string, samples: number): Promise<number[]> {
  const window = Buffer.alloc(2 * samples);
  const levels: number[] = [];
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(window, 0, window.length, levels.length * window.length);
      if (bytesRead < window.length) return levels;
      levels.push(levelOf(new Int16Array(window.buffer, window.byteOffset, samples)));
    }
  } finally {
    await file.close();
  }
}

/** Root mean square, in decibels below full scale. */
function levelOf(samples: Int16Array): number {
  const squares = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return 20 * Math.log10(Math.max(1, Math.sqrt(squares / samples.length)) / 32768);
}
