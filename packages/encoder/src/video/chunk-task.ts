import { createHash } from "node:crypto";
import type { Plan, VideoCodec, VideoRendition } from "../plan/plan.ts";
import type { AdmittedSource } from "../source/admit.ts";
import { type Chunk, expectedFramesOf, planChunks } from "./chunks.ts";
import { encoderOptions } from "./encoders.ts";
import { filterGraph, graphOutputs } from "./filter-graph.ts";
import { fps } from "../plan/frame-rate.ts";

/**
 * All renditions of one codec of one chunk, from one decode, as plain data: it is run here or on any machine that can read the source, and
 * gives the same bytes everywhere. A codec that is added later leaves the tasks of the others as they are.
 */
export interface ChunkTask {
  /** Of everything that decides the bytes; what is stored under it never has to be made again. */
  key: string;
  codec: VideoCodec;
  chunk: Chunk;
  expectedFrames: number;
  /** Where the master's decoding begins; 0 is its start. */
  seekSeconds: number;
  /** The master's codec, for what is special about seeking in it. */
  sourceCodec: string;
  filterGraph: string;
  outputs: { file: string; options: string[] }[];
  /** Of its share of the encoding work, in pixels. */
  cost: number;
}

/**
 * Decoding begins earlier than the chunk: deinterlacing looks at neighbours, and in a film with uneven times the frame that is shown when the
 * chunk begins came before it.
 */
export const prerollSeconds = 1;

export function planChunkTasks(
  source: Pick<AdmittedSource, "video"> & { sha256: string },
  plan: Plan,
  ffmpegVersion: string,
): ChunkTask[] {
  const codecs = [...new Set(plan.video.map(({ codec }) => codec))];
  const chunks = planChunks(plan);
  return codecs.flatMap((codec) => {
    const renditions = plan.video.filter((rendition) => rendition.codec === codec);
    return chunks.map((chunk) => planChunkTask({ source, plan, ffmpegVersion, codec, renditions, chunk }));
  });
}

export interface TaskParts {
  source: Pick<AdmittedSource, "video"> & { sha256: string };
  plan: Plan;
  ffmpegVersion: string;
  codec: VideoCodec;
  renditions: readonly VideoRendition[];
  chunk: Chunk;
}

/** The task of one run of frames, a chunk of the film or a sample of it. */
export function planChunkTask({
  source,
  plan,
  ffmpegVersion,
  codec,
  renditions,
  chunk,
}: TaskParts): ChunkTask {
  const startSeconds = chunk.firstFrame / fps(plan.frameRate);
  const limit = chunk.frames === null ? [] : ["-frames:v", String(chunk.frames)];
  const expectedFrames = expectedFramesOf(chunk, plan);
  const work = {
    seekSeconds: Math.max(0, startSeconds - prerollSeconds),
    filterGraph: filterGraph(plan, renditions, startSeconds),
    outputs: renditions.map((rendition, index) => ({
      file: `${rendition.id}.mp4`,
      options: ["-map", graphOutputs.video(index), ...limit, ...encoderOptions(rendition, plan), ...mp4],
    })),
  };
  return {
    key: createHash("sha256")
      .update(JSON.stringify({ source: source.sha256, chunk, work, ffmpegVersion }))
      .digest("hex"),
    codec,
    chunk,
    expectedFrames,
    sourceCodec: source.video.codec,
    ...work,
    cost: expectedFrames * renditions.reduce((sum, { width, height }) => sum + width * height, 0),
  };
}

/** Nothing of the master's metadata or of this run's time goes into the renditions. */
export const mp4: readonly string[] = "-map_metadata -1 -map_chapters -1 -fflags +bitexact -f mp4".split(" ");
