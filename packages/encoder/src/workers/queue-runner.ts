import type { SourceAccess } from "../source/remote/source-access.ts";
import type { ChunkRecord, ChunkRun, ChunkRunner } from "../video/chunk-runner.ts";
import type { ChunkTask } from "../video/chunk-task.ts";
import { connectBroker } from "./broker.ts";
import { type ChunkStore, openChunkStore } from "../objects/chunk-store.ts";
import { createDispatch } from "./dispatch.ts";
import { type GrantableMaster, grantSource, type SourceGrant } from "./source-grant.ts";

/** Where chunk tasks go instead of to this machine's own encoders. */
export interface FanOut {
  /** Of the broker: AMQP. */
  url: string;
  /** Where workers leave chunks: a folder that all machines see, or `s3://bucket/prefix`. */
  store: string;
  access: SourceAccess;
}

export interface QueueRunnerOptions {
  url: string;
  ffmpegVersion: string;
  /** Where workers read the master. */
  source: SourceGrant;
  store: ChunkStore;
}

/** Chunk tasks go to whatever workers take them from the broker; their results come back through the store. */
export function createQueueRunner(
  fanOut: FanOut,
  ffmpegVersion: string,
  master: GrantableMaster,
): ChunkRunner {
  return {
    async run(tasks, run) {
      const store = await openChunkStore(fanOut.store, fanOut.access);
      const made = new Map<string, ChunkRecord>();
      for (const task of tasks) {
        const record = await findMade(task, store, run);
        if (record) made.set(task.key, record);
      }
      const missing = tasks.filter(({ key }) => !made.has(key));
      if (missing.length > 0) {
        const { source, remove } = await grantSource(master, fanOut, run.signal);
        const options = { url: fanOut.url, ffmpegVersion, store, source };
        for (const record of await dispatchAll(options, missing, run)) made.set(record.key, record);
        // A run that fails leaves it for the next one.
        await remove();
      }
      return tasks.flatMap(({ key }) => made.get(key) ?? []);
    },
  };
}

/** A chunk of an earlier run, here or in the store. */
async function findMade(
  task: ChunkTask,
  store: ChunkStore,
  { chunks, signal, onProgress }: ChunkRun,
): Promise<ChunkRecord | undefined> {
  const { key, expectedFrames } = task;
  const isThere = (await chunks.has(key)) || (await store.get(key, chunks.path(key), signal));
  if (!isThere) return undefined;
  onProgress(task, { frames: expectedFrames, worker: "" });
  return { key, worker: "", reused: true, wallSeconds: 0, argv: [] };
}

async function dispatchAll(
  options: QueueRunnerOptions,
  tasks: readonly ChunkTask[],
  run: ChunkRun,
): Promise<ChunkRecord[]> {
  const dispatch = createDispatch(options, tasks, run);
  // Heard below; where the broker does not let us in nobody asks any more.
  dispatch.finished.catch(() => {});
  const broker = await connectBroker({ url: options.url, setup: dispatch.setup });
  try {
    return await dispatch.finished;
  } finally {
    await dispatch.end();
    await broker.close();
  }
}
