import type { ChunkRecord, ChunkRun, ChunkRunner } from "../video/chunk-runner.ts";
import type { ChunkTask } from "../video/chunk-task.ts";
import { connectBroker } from "./broker.ts";
import { type ChunkStore, openChunkStore } from "../objects/chunk-store.ts";
import { createDispatch, type DispatchOptions } from "./dispatch.ts";
import type { FanOut } from "./fan-out.ts";
import { type GrantableMaster, grantSource } from "./source-grant.ts";

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
        const options = { ffmpegVersion, store, source };
        for (const record of await dispatchAll(fanOut.url, options, missing, run))
          made.set(record.key, record);
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
  url: string,
  options: DispatchOptions,
  tasks: readonly ChunkTask[],
  run: ChunkRun,
): Promise<ChunkRecord[]> {
  const dispatch = createDispatch(options, tasks, run);
  // Heard below; where the broker does not let us in nobody asks any more.
  dispatch.finished.catch(() => {});
  const broker = await connectBroker({ url, setup: dispatch.setup });
  try {
    return await dispatch.finished;
  } finally {
    await dispatch.end();
    await broker.close();
  }
}
