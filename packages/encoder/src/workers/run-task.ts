import { rm } from "node:fs/promises";
import { openChunkGrant } from "../objects/chunk-store.ts";
import type { Programs } from "../programs/programs.ts";
import type { SourceAccess } from "../source/remote/source-access.ts";
import { encodeChunk } from "../video/encode-chunk.ts";
import { openChunkFolder } from "../work/chunk-folder.ts";
import type { TaskMessage } from "./messages.ts";
import { openSource } from "./source-grant.ts";

export interface RunTaskOptions {
  workDir: string;
  programs: Programs;
  access: SourceAccess;
  signal: AbortSignal;
  onProgress(frames: number): void;
}

/** One task on a worker: reads what the chunk needs of the master, encodes it and leaves it in the store. Answers ffmpeg's arguments. */
export async function runTask(
  { task, source, store }: TaskMessage,
  options: RunTaskOptions,
): Promise<string[]> {
  const { workDir, programs, access, signal, onProgress } = options;
  const chunk = openChunkGrant(store, task.key, access);
  // Somebody else may have done it before it was given anew.
  if (await chunk.has(signal)) return [];
  const folder = openChunkFolder(workDir).path(task.key);
  try {
    const argv = await encodeChunk(task, {
      ffmpeg: programs.ffmpeg.path,
      source: await openSource(source),
      folder,
      signal,
      onProgress,
    });
    await chunk.put(folder, signal);
    return argv;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
