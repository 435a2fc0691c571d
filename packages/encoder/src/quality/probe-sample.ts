import type { VideoRendition } from "../plan/video-rendition.ts";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonFields } from "../json-fields.ts";
import { fps } from "../plan/frame-rate.ts";
import type { Plan } from "../plan/plan.ts";
import type { AdmittedSource } from "../source/admit.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import { readChunkFrames } from "../video/chunk-frames.ts";
import { type ChunkTask, planChunkTask } from "../video/chunk-task.ts";
import { encodeChunk } from "../video/encode-chunk.ts";
import type { ChunkFolder } from "../work/chunk-folder.ts";
import type { Candidate } from "./candidates.ts";
import { ssimScore, type Viewing } from "./metric.ts";
import { leadFrames } from "./measured-frames.ts";
import type { Sample } from "./samples.ts";
import { scoreFrames } from "./score-frames.ts";

export interface ProbeOptions {
  ffmpeg: { path: string; version: string };
  source: Pick<AdmittedSource, "video"> & { sha256: string };
  indexed: IndexedSource;
  plan: Plan;
  viewing: Viewing;
  /** Every size and CRF that is tried, of one codec, in runs that are encoded together. */
  runs: readonly (readonly VideoRendition[])[];
  /** Keeps the result, so that the next run goes on with it. */
  chunks: ChunkFolder;
  signal?: AbortSignal | undefined;
}

export interface ProbedSampleResult {
  /** Of what the chunk folder keeps. */
  key: string;
  candidates: Candidate[];
}

/** Encodes a sample in every way, scores it, and keeps the figures alone. */
export async function probeSample(sample: Sample, options: ProbeOptions): Promise<ProbedSampleResult> {
  const { chunks, viewing } = options;
  const tasks = probeTasks(sample, options);
  const wanted = framesToScore(sample);
  const key = createHash("sha256")
    .update(JSON.stringify({ tasks: tasks.map((task) => task.key), viewing, wanted }))
    .digest("hex");
  if (await chunks.has(key)) {
    return { key, candidates: parseCandidates(await readFile(join(chunks.path(key), resultFile), "utf8")) };
  }
  const partial = `${chunks.path(key)}.${process.pid}.partial`;
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true, mode: 0o700 });
    const candidates = await encodeAndScore(partial, { tasks, sample, wanted }, options);
    await rm(join(partial, encodeFolder), { recursive: true });
    await writeFile(join(partial, resultFile), JSON.stringify(candidates));
    await rename(partial, chunks.path(key));
    return { key, candidates };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

const resultFile = "probes.json";
const encodeFolder = "encodes";

/** VMAF costs more than the encodes, and the frames of one scene differ little. */
const scoredFrames = 3;

function probeTasks(
  { firstFrame, frames }: Sample,
  { source, plan, runs, ffmpeg }: ProbeOptions,
): ChunkTask[] {
  const chunk = { index: 0, firstFrame, frames };
  return runs.map((renditions) =>
    planChunkTask({ source, plan, ffmpegVersion: ffmpeg.version, renditions, chunk }),
  );
}

/** Spread over the sample, at other places in each sample's GOP: key frames are better than what follows them. */
function framesToScore({ firstFrame, frames }: Sample): number[] {
  const room = frames - leadFrames - 1;
  const phase = (firstFrame * goldenRatio) % 1;
  return Array.from(
    { length: scoredFrames },
    (_, index) => firstFrame + leadFrames + Math.floor(((index + phase) * room) / scoredFrames),
  );
}

const goldenRatio = (Math.sqrt(5) - 1) / 2;

interface Probing {
  tasks: readonly ChunkTask[];
  sample: Sample;
  wanted: readonly number[];
}

async function encodeAndScore(
  folder: string,
  { tasks, sample, wanted }: Probing,
  { ffmpeg, source, indexed, plan, viewing, runs, signal }: ProbeOptions,
): Promise<Candidate[]> {
  const paths: string[] = [];
  for (const [index, task] of tasks.entries()) {
    const encodes = join(folder, encodeFolder, String(index));
    await encodeChunk(task, { ffmpeg: ffmpeg.path, source: indexed, folder: encodes, signal });
    paths.push(...task.outputs.map(({ file }) => join(encodes, file)));
  }
  const scores = await scoreFrames({
    ffmpeg: ffmpeg.path,
    source: indexed,
    sourceCodec: source.video.codec,
    plan,
    viewing,
    frames: wanted,
    encodes: paths.map((path) => ({ path, firstFrame: sample.firstFrame })),
    folder,
    signal,
  });
  const seconds = sample.frames / fps(plan.frameRate);
  return Promise.all(
    runs.flat().map(async ({ width, height, crf }, index) => {
      const { bytes } = await readChunkFrames(paths[index] ?? "");
      const raw = scores[index] ?? [];
      const values = viewing.metric === "ssim" ? raw.map(ssimScore) : raw;
      const score = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { width, height, crf, kbps: (bytes * 8) / seconds / 1000, score };
    }),
  );
}

function parseCandidates(text: string): Candidate[] {
  return jsonFields({ list: JSON.parse(text) })
    .list("list")
    .map((fields) => ({
      width: fields.number("width") ?? 0,
      height: fields.number("height") ?? 0,
      crf: fields.number("crf") ?? 0,
      kbps: fields.number("kbps") ?? 0,
      score: fields.number("score") ?? 0,
    }));
}
