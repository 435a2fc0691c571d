import { availableParallelism, hostname } from "node:os";
import { EncoderError, throwIfAborted } from "../errors.ts";
import type { IndexedSource } from "../source/indexed-source.ts";
import type { ChunkFolder } from "../work/chunk-folder.ts";
import type { ChunkTask } from "./chunk-task.ts";
import { encodeChunk } from "./encode-chunk.ts";
import { runPool } from "./pool.ts";

/** Where chunk tasks are run: by processes of this machine, or by workers that take them from a broker. */
export interface ChunkRunner {
  /** Ends with every task's outputs in the chunk folder, or throws the first failure once nothing runs any more. */
  run(tasks: readonly ChunkTask[], context: ChunkRun): Promise<ChunkRecord[]>;
}

export interface ChunkRun {
  chunks: ChunkFolder;
  signal?: AbortSignal | undefined;
  onProgress(task: ChunkTask, progress: ChunkProgress): void;
  /** Why nothing is being done, or null once something is. */
  onWaiting?(wait: ChunkWait | null): void;
}

export interface ChunkProgress {
  frames: number;
  /** The machine. */
  worker: string;
  /** Which of the machine's encoders, from 1. */
  slot?: number;
  /** Above 1 after a failure that another attempt may not meet. */
  attempt?: number;
}

export type ChunkWait = { reason: "worker" } | { reason: "queue"; tasksAhead: number };

/** What became of a task. */
export interface ChunkRecord {
  key: string;
  worker: string;
  /** An earlier run had made it. */
  reused: boolean;
  wallSeconds: number;
  argv: string[];
}

interface LocalOptions {
  ffmpeg: string;
  source: IndexedSource;
  /** How many at once; one a core unless it is given. */
  workers?: number | undefined;
  /** Waits until this machine has room for one more; what it answers gives the room back. */
  takeTurn?: ((signal: AbortSignal) => Promise<() => void>) | undefined;
}

/** A program may die of what is not the film's fault; a second time it is not chance. */
const attempts = 2;
const worthAnotherAttempt: readonly string[] = ["ffmpeg_failed", "stalled"];

export function createLocalRunner({ ffmpeg, source, workers, takeTurn }: LocalOptions): ChunkRunner {
  const worker = hostname();
  return {
    async run(tasks, { chunks, signal, onProgress }) {
      const limit = workers ?? availableParallelism();
      const records = await runPool(
        tasks,
        limit,
        async (task, either, slot) => {
          const reused = await chunks.has(task.key);
          const endTurn = reused ? undefined : await takeTurn?.(either);
          const startedMs = performance.now();
          const encode = () =>
            encodeChunk(task, {
              ffmpeg,
              source,
              folder: chunks.path(task.key),
              signal: either,
              onProgress: (frames) => onProgress(task, { frames, worker, slot }),
            });
          const argv = reused ? [] : await withRetry(encode).finally(() => endTurn?.());
          onProgress(task, { frames: task.expectedFrames, worker, slot });
          return { key: task.key, worker, reused, argv, wallSeconds: secondsSince(startedMs) };
        },
        signal,
      );
      throwIfAborted(signal);
      return records;
    },
  };
}

async function withRetry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const hopeful = error instanceof EncoderError && worthAnotherAttempt.includes(error.code);
      if (!hopeful || attempt === attempts) throw error;
    }
  }
}

function secondsSince(startedMs: number): number {
  return Math.round(performance.now() - startedMs) / 1000;
}
