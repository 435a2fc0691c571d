import { type VideoRendition, switchingSetName } from "../plan/video-rendition.ts";
import { createHash } from "node:crypto";
import type { BurnedSubtitle } from "../burn/burned-subtitle.ts";
import type { Plan } from "../plan/plan.ts";
import type { VideoCodec } from "../plan/video-codecs.ts";
import type { AdmittedSource } from "../source/admit.ts";
import { type Chunk, expectedFramesOf, planChunks } from "./chunks.ts";
import { encoderNamed, encoderOptions } from "./encoders.ts";
import { filterGraph, graphOutputs } from "./filter-graph.ts";
import { fps } from "../plan/frame-rate.ts";
import { prerollSeconds } from "./read-film.ts";

/**
 * All renditions of one switching set of one chunk, from one decode, as plain data: it is run here or on any machine that can read the source,
 * and gives the same bytes everywhere. A codec that is added later leaves the tasks of the others as they are.
 */
export interface ChunkTask {
  /** Of everything that decides the bytes; what is stored under it never has to be made again. */
  key: string;
  codec: VideoCodec;
  /** `hevc-hdr` and the like. */
  switchingSet: string;
  chunk: Chunk;
  expectedFrames: number;
  /** Where the master's decoding begins; 0 is its start. */
  seekSeconds: number;
  /** Where the chunk ends; null at the film's end. */
  endSeconds: number | null;
  /** The master's codec, for what is special about seeking in it. */
  sourceCodec: string;
  /** Options that open the device of a hardware encoder. */
  device: readonly string[];
  filterGraph: string;
  outputs: { file: string; options: string[] }[];
  /** As the plan's. */
  tolerateErrors?: true;
  /** What is drawn over its pictures. */
  burnedSubtitle?: BurnedSubtitle;
  /** Of its share of the encoding work, in pixels. */
  cost: number;
}

export function planChunkTasks(
  source: Pick<AdmittedSource, "video"> & { sha256: string },
  plan: Plan,
  ffmpegVersion: string,
): ChunkTask[] {
  const sets = Map.groupBy(plan.video, switchingSetName);
  const chunks = planChunks(plan);
  return [...sets.values()].flatMap((renditions) =>
    chunks.map((chunk) => planChunkTask({ source, plan, ffmpegVersion, renditions, chunk })),
  );
}

export interface TaskParts {
  source: Pick<AdmittedSource, "video"> & { sha256: string };
  plan: Plan;
  ffmpegVersion: string;
  /** Of one switching set; there is at least one. */
  renditions: readonly VideoRendition[];
  chunk: Chunk;
}

/** The task of one run of frames, a chunk of the film or a sample of it. */
export function planChunkTask({ source, plan, ffmpegVersion, renditions, chunk }: TaskParts): ChunkTask {
  const [best] = renditions;
  if (!best) throw new RangeError("A chunk is of at least one rendition.");
  const startSeconds = chunk.firstFrame / fps(plan.frameRate);
  const limit = chunk.frames === null ? [] : ["-frames:v", String(chunk.frames)];
  const expectedFrames = expectedFramesOf(chunk, plan);
  const work = {
    seekSeconds: Math.max(0, startSeconds - prerollSeconds),
    device: encoderNamed(best.encoder).device ?? [],
    filterGraph: filterGraph(plan, renditions, startSeconds),
    outputs: renditions.map((rendition, index) => ({
      file: `${rendition.id}.mp4`,
      options: ["-map", graphOutputs.video(index), ...limit, ...encoderOptions(rendition, plan), ...mp4],
    })),
    ...(plan.burnedSubtitle && { burnedSubtitle: plan.burnedSubtitle }),
    ...(plan.tolerateErrors && { tolerateErrors: plan.tolerateErrors }),
  };
  return {
    key: createHash("sha256")
      .update(JSON.stringify({ source: source.sha256, chunk, work, ffmpegVersion }))
      .digest("hex"),
    codec: best.codec,
    switchingSet: switchingSetName(best),
    chunk,
    expectedFrames,
    endSeconds: chunk.frames === null ? null : startSeconds + chunk.frames / fps(plan.frameRate),
    sourceCodec: source.video.codec,
    ...work,
    cost: expectedFrames * renditions.reduce((sum, { width, height }) => sum + width * height, 0),
  };
}

/** Nothing of the master's metadata or of this run's time goes into the renditions. */
export const mp4: readonly string[] = "-map_metadata -1 -map_chapters -1 -fflags +bitexact -f mp4".split(" ");
