import { randomUUID } from "node:crypto";
import { cancelled, EncoderError } from "../errors.ts";
import type { ChunkStore } from "../objects/chunk-store.ts";
import type { ChunkRecord, ChunkRun } from "../video/chunk-runner.ts";
import type { ChunkTask } from "../video/chunk-task.ts";
import type { BrokerChannel, Delivery } from "./broker.ts";
import { parseReport, type TaskMessage, type WorkerReport } from "./messages.ts";
import type { SourceGrant } from "./source-grant.ts";
import { declareTasks, repliesExpireMs, taskLifeMs, taskQueue } from "./task-queue.ts";

export interface DispatchOptions {
  ffmpegVersion: string;
  /** Where workers read the master. */
  source: SourceGrant;
  /** Where they leave chunks, and where they are fetched from. */
  store: ChunkStore;
}

/** One run's tasks on the broker. */
export interface Dispatch {
  /** For every new connection: listens to the workers, and sends what the broker does not have yet. */
  setup(channel: BrokerChannel): Promise<void>;
  finished: Promise<ChunkRecord[]>;
  /** Workers that are still busy for this run see that nobody waits, and stop. */
  end(): Promise<void>;
}

interface Entry {
  task: ChunkTask;
  attempt: number;
  sent: boolean;
}

/** What another worker may do better; the rest is the film's fault. */
const worthAnotherWorker: readonly string[] = [
  "ffmpeg_failed",
  "stalled",
  "no_space",
  "no_memory",
  "source_unreachable",
  "store_unreachable",
];
const attempts = 3;
const inspectEveryMs = 2_000;
const reportsAtOnce = 100;

export function createDispatch(
  options: DispatchOptions,
  tasks: readonly ChunkTask[],
  run: ChunkRun,
): Dispatch {
  const queue = taskQueue(options.ffmpegVersion);
  const replies = `flix.replies.${randomUUID()}`;
  const waiting = new Map(tasks.map((task) => [task.key, { task, attempt: 1, sent: false }]));
  const records = new Map<string, ChunkRecord>();
  const { promise: finished, resolve, reject } = Promise.withResolvers<ChunkRecord[]>();
  let channel: BrokerChannel | undefined;
  let inspecting: NodeJS.Timeout | undefined;

  const cancel = (): void => reject(cancelled());
  if (run.signal?.aborted) cancel();
  run.signal?.addEventListener("abort", cancel, { once: true });

  const send = async (entry: Entry): Promise<void> => {
    const { task, attempt } = entry;
    const store = await options.store.grant(task.key, taskLifeMs / 1000);
    const message: TaskMessage = { version: 1, task, source: options.source, store, attempt };
    await channel?.send(queue, message, { replyTo: replies, expirationMs: taskLifeMs });
    entry.sent = true;
  };
  const take = async (report: WorkerReport, entry: Entry): Promise<void> => {
    const { key, machine, frames, slot, attempt, wallSeconds, argv, failure } = report;
    run.onWaiting?.(null);
    if (report.state === "running") {
      run.onProgress(entry.task, { frames, worker: machine, slot, attempt });
      return;
    }
    if (failure) {
      if (!worthAnotherWorker.includes(failure.code) || entry.attempt === attempts) {
        throw new EncoderError(failure.code, {
          message: `${failure.message} (chunk ${entry.task.chunk.index + 1}, on ${machine})`,
          hint: failure.hint,
        });
      }
      entry.attempt += 1;
      return send(entry);
    }
    // Damaged on the way: the store has removed it.
    if (!(await options.store.get(key, run.chunks.path(key), run.signal))) return send(entry);
    // What is here is not needed there; a store that fails to forget it costs only room.
    await options.store.delete(key).catch(() => {});
    waiting.delete(key);
    records.set(key, { key, worker: machine, reused: false, wallSeconds, argv });
    run.onProgress(entry.task, { frames: entry.task.expectedFrames, worker: machine, slot, attempt });
    if (waiting.size === 0) resolve(tasks.flatMap((task) => records.get(task.key) ?? []));
  };
  const inspect = async (): Promise<void> => {
    const facts = await channel?.inspect(queue).catch(() => undefined);
    if (facts?.consumers === 0) run.onWaiting?.({ reason: "worker" });
    else if (facts && facts.messages > waiting.size) {
      run.onWaiting?.({ reason: "queue", tasksAhead: facts.messages - waiting.size });
    }
  };
  return {
    finished,
    async setup(next) {
      channel = next;
      await declareTasks(next, queue);
      await next.declare(replies, { kind: "replies", expiresMs: repliesExpireMs });
      await next.consume(replies, reportsAtOnce, (delivery: Delivery) => {
        next.acknowledge(delivery);
        const report = parseReport(delivery.content);
        const entry = report && waiting.get(report.key);
        if (entry) take(report, entry).catch(reject);
      });
      for (const entry of waiting.values()) if (!entry.sent) await send(entry);
      clearInterval(inspecting);
      inspecting = setInterval(() => void inspect(), inspectEveryMs);
      await inspect();
    },
    async end() {
      clearInterval(inspecting);
      run.signal?.removeEventListener("abort", cancel);
      await channel?.remove(replies).catch(() => {});
    },
  };
}
