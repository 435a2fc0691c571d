import { rm } from "node:fs/promises";
import { openChunkGrant } from "../objects/chunk-store.ts";
import type { Programs } from "../programs/programs.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import type { SourceAccess } from "../source/remote/source-access.ts";
import type { MasterCache } from "../source/sparse/master-cache.ts";
import { encodeChunk } from "../video/encode-chunk.ts";
import { openChunkFolder } from "../work/chunk-folder.ts";
import type { TaskMessage } from "./messages.ts";
import { useSource } from "./source-grant.ts";

export interface RunTaskOptions {
  workDir: string;
  programs: Programs;
  access: SourceAccess;
  masters: MasterCache;
  signal: AbortSignal;
  onProgress(frames: number): void;
}

/** One task on a worker: reads what the chunk needs of the master, encodes it and leaves it in the store. Answers ffmpeg's arguments. */
export async function runTask(
  { task, source, store }: TaskMessage,
  options: RunTaskOptions,
): Promise<string[]> {
  const { workDir, programs, access, masters, signal, onProgress } = options;
  const chunk = openChunkGrant(store, task.key, access);
  // Somebody else may have done it before it was given anew.
  if (await chunk.has(signal)) return [];
  const folder = openChunkFolder(workDir).path(task.key);
  try {
    // A hole of what was not fetched would pass for damage.
    const span = task.tolerateErrors ? null : { from: task.seekSeconds, to: task.endSeconds };
    const ffmpeg = programs.ffmpeg.path;
    const encode = (local: IndexedSource) =>
      encodeChunk(task, { ffmpeg, source: local, folder, signal, onProgress });
    const argv = await useSource(source, span, masters, encode, signal);
    await chunk.put(folder, signal);
    return argv;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
