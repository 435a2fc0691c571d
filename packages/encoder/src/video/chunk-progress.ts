import type { ProgressMeter, WorkerProgress } from "../progress.ts";
import type { ChunkRun, ChunkWait } from "./chunk-runner.ts";
import type { ChunkTask } from "./chunk-task.ts";

interface Running {
  worker: WorkerProgress;
  startedMs: number;
}

/** Adds up what the encoders of all machines report: the share of the work, seconds of film a second, and who is at what. */
export function followChunks(
  tasks: readonly ChunkTask[],
  framesPerSecond: number,
  update: ProgressMeter["update"],
): Pick<ChunkRun, "onProgress" | "onWaiting"> {
  const total = tasks.reduce((sum, { cost }) => sum + cost, 0);
  const filmSeconds = Math.max(...tasks.map(endFrame)) / framesPerSecond;
  const startedMs = performance.now();
  const shares = new Map<string, number>();
  const running = new Map<string, Running>();
  let [reached, reused] = [0, 0];
  let waitingFor: ChunkWait | null = null;
  const tell = (): void => {
    const speed = ((reached - reused) * filmSeconds) / ((performance.now() - startedMs) / 1000);
    const workers = [...running.values()].map(({ worker }) => worker);
    update(reached, { speed, workers, waitingFor });
  };
  return {
    onProgress({ key, cost, codec, chunk, expectedFrames }, { frames, worker, slot = 1, attempt = 1 }) {
      const fraction = Math.min(1, frames / expectedFrames);
      const share = (cost / total) * fraction;
      const before = shares.get(key);
      // Complete at once: an earlier run had made it.
      if (before === undefined && fraction === 1) reused += share;
      shares.set(key, share);
      reached += share - (before ?? 0);
      const since = running.get(key)?.startedMs ?? performance.now();
      const speed = frames / framesPerSecond / Math.max(0.001, (performance.now() - since) / 1000);
      const facts = { machine: worker, slot, codec, chunk: chunk.index + 1, attempt, fraction, speed };
      if (fraction === 1) running.delete(key);
      else running.set(key, { worker: facts, startedMs: since });
      tell();
    },
    onWaiting(wait) {
      waitingFor = wait;
      tell();
    },
  };
}

function endFrame({ chunk, expectedFrames }: ChunkTask): number {
  return chunk.firstFrame + expectedFrames;
}
