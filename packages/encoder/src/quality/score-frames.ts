import type { VideoRendition } from "../plan/video-rendition.ts";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { EncoderError } from "../errors.ts";
import { jsonFields } from "../json-fields.ts";
import { type FrameRate, fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import { type FfmpegInput, runFfmpeg } from "../programs/ffmpeg.ts";
import { subtitleInput, subtitleInputs } from "../burn/overlay-subtitle.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import { filterGraph, graphOutputs, videoInput } from "../video/filter-graph.ts";
import { prerollSeconds, readFilm } from "../video/read-film.ts";
import { leadFrames } from "./measured-frames.ts";
import type { Metric, Viewing } from "./metric.ts";

export interface ScoreOptions {
  ffmpeg: string;
  source: IndexedSource;
  sourceCodec: string;
  plan: Plan;
  viewing: Viewing;
  /** Numbers of the film's frames, rising; the first at least `leadFrames`, the others that far apart. */
  frames: readonly number[];
  encodes: readonly Encode[];
  /** Holds what is needed meanwhile. */
  folder: string;
  signal?: AbortSignal | undefined;
}

export interface Encode {
  path: string;
  /** Which of the film's frames is its first. */
  firstFrame: number;
}

/**
 * Scores a few frames of each encode against the same frames of the film: VMAF of 0 to 100 or SSIM of 0 to 1, for each encode in order of the frames. Only the wanted frames
 * and their neighbours reach VMAF, which gives the scores of a run over every frame at a quarter of the cost.
 */
export async function scoreFrames(options: ScoreOptions): Promise<number[][]> {
  const scores: number[][] = [];
  for (const encodes of batches(options.encodes, options.viewing)) {
    scores.push(...(await scoreTogether({ ...options, encodes })));
  }
  return scores;
}

/** A comparison holds 56 bytes for each pixel. */
const pixelsAtOnce = 18_000_000;
export const scoringBytes = pixelsAtOnce * 56;

function batches(encodes: readonly Encode[], { width, height }: Viewing): Encode[][] {
  const size = Math.max(2, Math.floor(pixelsAtOnce / (width * height)));
  const count = Math.ceil(encodes.length / size);
  return Array.from({ length: count }, (_, index) => encodes.slice(index * size, (index + 1) * size));
}

async function scoreTogether(options: ScoreOptions): Promise<number[][]> {
  const start = (options.frames[0] ?? leadFrames) - leadFrames;
  // A folder for each run: several share the one that they are given.
  const folder = join(options.folder, `score-${start}`);
  await mkdir(folder, { recursive: true });
  try {
    await compare({ ...options, folder }, start);
    return await Promise.all(
      options.encodes.map((_, index) => readScores(join(folder, logFile(index)), options)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(options: ScoreOptions, start: number): Promise<void> {
  const { ffmpeg, source, sourceCodec, plan, encodes, frames, folder, signal } = options;
  const seekSeconds = Math.max(0, start / fps(plan.frameRate) - prerollSeconds);
  const graph = scoreGraph(options, start);
  const outputs = encodes.map((_, index) => ({
    path: "-",
    options: ["-map", `[score${index}]`, "-frames:v", String(takenFrames(frames).length), "-f", "null"],
  }));
  const { tolerateErrors } = plan;
  await readFilm(
    { ffmpeg, source, seekSeconds, sourceCodec, tolerateErrors, folder, signal },
    (input, pictures) =>
      runFfmpeg(
        {
          program: ffmpeg,
          folder,
          input,
          moreInputs: [
            ...encodes.map((encode) => encodeInput(encode, start, plan.frameRate)),
            ...subtitleInputs(source, seekSeconds),
          ],
          filterGraph: graph
            .replace(videoInput, pictures)
            .replace(subtitleInput, `[${encodes.length + 1}:0]`),
          outputs,
        },
        { signal },
      ),
  );
}

/** Half a frame early: the seek takes the first frame at or after the time. */
function encodeInput({ path, firstFrame }: Encode, start: number, rate: FrameRate): FfmpegInput {
  const seconds = (start - firstFrame - 0.5) / fps(rate);
  return { path, options: [...(seconds > 0 ? ["-ss", seconds.toFixed(6)] : []), "-threads", "1"] };
}

function scoreGraph({ plan, viewing, frames, encodes }: ScoreOptions, start: number): string {
  const size = { width: viewing.width, height: viewing.height };
  const references = encodes.map((_, index) => `[reference${index}]`).join("");
  const select = takenFrames(frames).map((frame) => `eq(n\\,${frame - start})`);
  // Numbered anew: both sides meet frame by frame, whatever their clocks.
  const take = `select=${select.join("+")},settb=1/1000,setpts=N`;
  const best: VideoRendition[] = plan.video.slice(0, 1).map((rendition) => ({ ...rendition, ...size }));
  const scale = `scale=${size.width}:${size.height}:flags=bicubic,format=yuv420p,setsar=1`;
  return [
    // What the best rung is made of: the same frames by the same filters.
    filterGraph(plan, best, start / fps(plan.frameRate)),
    `${graphOutputs.video(0)}${take},split=${encodes.length}${references}`,
    ...encodes.map(
      (_, index) =>
        `[${index + 1}:v]${take},${scale}[encode${index}];` +
        `[encode${index}][reference${index}]${comparison(viewing.metric, index)}[score${index}]`,
    ),
  ].join(";");
}

/** Frame by frame as VMAF is to see them: every third, from the fourth on, is a wanted one with its neighbours. */
function takenFrames(frames: readonly number[]): number[] {
  const [first = leadFrames] = frames;
  return [first - 3, first - 2, ...frames.flatMap((frame) => [frame - 1, frame, frame + 1])];
}

function comparison(metric: Metric, index: number): string {
  if (metric === "ssim") return `ssim=stats_file=${logFile(index)}`;
  return `libvmaf=model=version=${metric}:n_subsample=${leadFrames}:log_fmt=json:log_path=${logFile(index)}`;
}

function logFile(index: number): string {
  return `score-${index}.log`;
}

async function readScores(path: string, { viewing, frames }: ScoreOptions): Promise<number[]> {
  const text = await readFile(path, "utf8");
  const scores = viewing.metric === "ssim" ? readSsim(text) : readVmaf(text);
  return frames.map((frame, index) => {
    const score = scores.get((index + 1) * leadFrames);
    if (score !== undefined) return score;
    throw new EncoderError("ffmpeg_failed", {
      message: `Frame ${frame} of an encode has no score.`,
      hint: "Run `flix doctor`, and choose another ffmpeg with FLIX_FFMPEG.",
    });
  });
}

function readVmaf(json: string): Map<number, number> {
  const frames = jsonFields(JSON.parse(json)).list("frames");
  return new Map(
    frames.map((frame) => [
      frame.number("frameNum") ?? -1,
      frame.object("metrics").number("vmaf") ?? Number.NaN,
    ]),
  );
}

/** Lines such as `n:4 Y:0.98 U:0.99 V:0.99 All:0.98 (17.6)`, counted from 1. */
function readSsim(text: string): Map<number, number> {
  return new Map(
    [...text.matchAll(/^n:(\d+) Y:([\d.]+)/gm)].map(([, number, luma]) => [Number(number) - 1, Number(luma)]),
  );
}
