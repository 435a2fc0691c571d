import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { EncoderError } from "../errors.ts";
import { subtitleInput, subtitleInputs } from "../burn/overlay-subtitle.ts";
import { runFfmpeg } from "../programs/ffmpeg.ts";
import { noPictures } from "../damage/no-pictures.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import { readChunkFrames } from "./chunk-frames.ts";
import type { ChunkTask } from "./chunk-task.ts";
import { videoInput } from "./filter-graph.ts";
import { readFilm } from "./read-film.ts";

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
  const { seekSeconds, sourceCodec, tolerateErrors } = task;
  return readFilm(
    { ffmpeg, source, seekSeconds, sourceCodec, tolerateErrors, folder, signal },
    async (film, pictures) => {
      const input = { ...film, options: [...task.device, ...film.options] };
      const filterGraph = task.filterGraph.replace(videoInput, pictures).replace(subtitleInput, "[1:0]");
      const moreInputs = subtitleInputs(source, seekSeconds);
      const outputs = task.outputs.map(({ file, options }) => ({ path: file, options }));
      const report = { signal, onProgress: ({ frames }: { frames: number }) => onProgress?.(frames) };
      const job = { program: ffmpeg, folder, input, moreInputs, filterGraph, outputs };
      const argv = await runFfmpeg(job, report).catch((error: unknown) => {
        // What it says of a graph to which no picture ever came.
        const isDamage = error instanceof EncoderError && ["corrupt", "truncated"].includes(error.code);
        throw tolerateErrors && isDamage ? undecodable(task) : error;
      });
      await requireFrames(folder, task);
      return argv;
    },
  );
}

/** The rename comes after this: a chunk that is there has all its frames, and begins with one that needs no other. */
async function requireFrames(folder: string, task: ChunkTask): Promise<void> {
  const { outputs, chunk } = task;
  const found = await Promise.all(outputs.map(({ file }) => readChunkFrames(join(folder, file))));
  const wanted = chunk.frames ?? found[0]?.count ?? 0;
  if (task.tolerateErrors && found.every(({ count }) => count === 0)) throw undecodable(task);
  if (wanted > 0 && found.every((frames) => frames.count === wanted && frames.beginsWithKeyFrame)) return;
  throw new EncoderError("truncated", {
    message: `The film has ${found.map(({ count }) => count).join(", ")} frames from frame ${chunk.firstFrame} on, where ${wanted || "some"} were expected.`,
    hint: "Copy the master again and compare its size and checksum with the original, or encode what is there with --tolerate-errors.",
  });
}

function undecodable({ seekSeconds, endSeconds }: ChunkTask): EncoderError {
  return noPictures(seekSeconds, endSeconds);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync();
  await file.close();
}
