import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EncoderError } from "../errors.ts";
import { type FfmpegJob, runFfmpeg } from "../programs/ffmpeg.ts";
import { inputGuards, inputUrl } from "../programs/input-guards.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import { readChunkFrames } from "./chunk-frames.ts";
import type { ChunkTask } from "./chunk-task.ts";
import { videoInput } from "./filter-graph.ts";
import { cutWithoutLeadingPictures } from "./leading-pictures.ts";

export interface EncodeChunkOptions {
  ffmpeg: string;
  /** A file that holds at least what the chunk is made of. */
  source: IndexedSource;
  /** Appears with all outputs in it, or not at all. */
  folder: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((frames: number) => void) | undefined;
}

/** Runs one task; what it leaves is complete, has exactly its frames and is on the disk. Answers ffmpeg's arguments. */
export async function encodeChunk(task: ChunkTask, options: EncodeChunkOptions): Promise<string[]> {
  const partial = `${options.folder}.${process.pid}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  try {
    const argv = await encodeInto(partial, task, options);
    await Promise.all(task.outputs.map(({ file }) => sync(join(partial, file))));
    await rename(partial, options.folder).catch(async (error: unknown) => {
      // Somebody else was faster with the same bytes.
      if (!["ENOTEMPTY", "EEXIST"].includes(String(Reflect.get(Object(error), "code")))) throw error;
    });
    return argv;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function encodeInto(
  folder: string,
  task: ChunkTask,
  { ffmpeg, source, signal, onProgress }: EncodeChunkOptions,
): Promise<string[]> {
  const run = async (input: FfmpegJob["input"], videoIndex: number): Promise<string[]> => {
    const filterGraph = task.filterGraph.replace(videoInput, `[0:${videoIndex}]`);
    const outputs = task.outputs.map(({ file, options }) => ({ path: file, options }));
    const report = { signal, onProgress: ({ frames }: { frames: number }) => onProgress?.(frames) };
    const argv = await runFfmpeg({ program: ffmpeg, folder, input, filterGraph, outputs }, report);
    await requireFrames(folder, task);
    return argv;
  };
  const { seekSeconds } = task;
  try {
    const seek = seekSeconds > 0 ? ["-noaccurate_seek", "-ss", seekSeconds.toFixed(6)] : [];
    const options = [...decoding, "-start_at_zero", ...seek, ...inputGuards];
    return await run({ path: inputUrl(source.path), options }, source.videoIndex);
  } catch (error) {
    if (!mayBeLeadingPictures(error, task)) throw error;
    const cut = "source.nut";
    const path = join(folder, cut);
    await cutWithoutLeadingPictures({ ffmpeg, source, seekSeconds, cut: path, signal });
    const options = [...decoding, "-protocol_whitelist", "file", "-f", "nut"];
    const argv = await run({ path: cut, options }, 0);
    await rm(path);
    return argv;
  }
}

/** ffmpeg exits 0 on corrupt input unless it is told both of the first. Times stay the film's own, counted from its start. */
const decoding: readonly string[] = "-xerror -err_detect explode -copyts -threads 1".split(" ");

function mayBeLeadingPictures(error: unknown, { seekSeconds, sourceCodec }: ChunkTask): boolean {
  return (
    error instanceof EncoderError && error.code === "corrupt" && seekSeconds > 0 && sourceCodec === "h264"
  );
}

/** The rename comes after this: a chunk that is there has all its frames, and begins with one that needs no other. */
async function requireFrames(folder: string, { outputs, chunk }: ChunkTask): Promise<void> {
  const found = await Promise.all(outputs.map(({ file }) => readChunkFrames(join(folder, file))));
  const wanted = chunk.frames ?? found[0]?.count ?? 0;
  if (wanted > 0 && found.every((frames) => frames.count === wanted && frames.beginsWithKeyFrame)) return;
  throw new EncoderError("truncated", {
    message: `The film has ${found.map(({ count }) => count).join(", ")} frames from frame ${chunk.firstFrame} on, where ${wanted || "some"} were expected.`,
    hint: "Copy the master again and compare its size and checksum with the original.",
  });
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync();
  await file.close();
}
