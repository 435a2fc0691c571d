import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { EncoderError } from "../errors.ts";
import { freeBytes } from "../plan/estimate.ts";
import type { Programs } from "../programs/programs.ts";
import type { SourceAccess } from "../source/remote/source-access.ts";
import { type MasterCache, openMasterCache } from "../source/sparse/master-cache.ts";
import { type BrokerChannel, connectBroker, type Delivery } from "./broker.ts";
import { tellOfLost } from "./lost-tasks.ts";
import { parseTaskMessage, type TaskMessage, toFailure, type WorkerReport } from "./messages.ts";
import { runTask } from "./run-task.ts";
import { declareTasks, taskQueue } from "./task-queue.ts";

export interface WorkerOptions {
  /** Of the broker. */
  url: string;
  /** Where sources and chunks lie while they are worked on. */
  workDir: string;
  programs: Programs;
  /** How many chunks at once; one a core unless it is given. */
  slots?: number | undefined;
  access: SourceAccess;
  /** The name under which operators see this machine. */
  machine?: string | undefined;
  /** Ends it: what is being encoded goes back to the queue at once. */
  signal: AbortSignal;
  onEvent?: ((event: WorkerEvent) => void) | undefined;
}

export type WorkerEvent =
  | { event: "connected"; queue: string; slots: number }
  | { event: "disconnected"; reason: string }
  | { event: "started" | "finished" | "given_back" | "not_wanted"; key: string; chunk: number; slot: number }
  | { event: "failed"; key: string; chunk: number; slot: number; code: string; message: string };

const reportEveryMs = 1_000;
/** For parts of masters; chunks and other programs want some too. */
const shareOfDisk = 0.5;

/** Takes chunk tasks from the broker until the signal fires. Killed at any moment, it leaves nothing that another worker does not do again. */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { url, programs, signal, onEvent } = options;
  const slots = options.slots ?? availableParallelism();
  const free = Array.from({ length: slots }, (_, index) => slots - index);
  const waiting: (() => void)[] = [];
  const busy = new Set<Promise<void>>();
  const queue = taskQueue(programs.ffmpeg.version);
  const masters = await openMasters(options);
  let stopConsuming = async (): Promise<void> => {};
  // What is given back before that would come again.
  const stopped = aborted(signal).then(() => stopConsuming().catch(() => {}));
  const setup = async (channel: BrokerChannel): Promise<void> => {
    const deadLetters = await declareTasks(channel, queue);
    await channel.consume(deadLetters, slots, (delivery) => void tellOfLost(channel, delivery));
    const take = (delivery: Delivery): void => {
      const slot = free.pop();
      // After a loss the broker gives anew what is still being worked on here.
      if (slot === undefined) return void waiting.push(() => take(delivery));
      const work = handle({ ...options, masters, channel, queue, delivery, slot, stopped }).finally(() => {
        free.push(slot);
        busy.delete(work);
        waiting.shift()?.();
      });
      busy.add(work);
    };
    stopConsuming = await channel.consume(queue, slots, take);
    onEvent?.({ event: "connected", queue, slots });
  };
  const onLost = ({ message }: Error): void => onEvent?.({ event: "disconnected", reason: message });
  try {
    const broker = await connectBroker({ url, setup, onLost });
    await stopped;
    await Promise.all(busy);
    await broker.close();
  } finally {
    await masters.close();
  }
}

/** A folder of masters is of one process; several workers of a machine have one each. */
async function openMasters({ workDir, programs, access }: WorkerOptions): Promise<MasterCache> {
  const budgetBytes = (await freeBytes(workDir)) * shareOfDisk;
  const options = { budgetBytes, ffprobe: programs.ffprobe.path, access };
  for (let number = 1; ; number += 1) {
    try {
      return await openMasterCache(join(workDir, `worker-${number}`), options);
    } catch (error) {
      if (!(error instanceof EncoderError) || error.code !== "work_in_use") throw error;
    }
  }
}

interface Assignment extends WorkerOptions {
  masters: MasterCache;
  channel: BrokerChannel;
  queue: string;
  stopped: Promise<void>;
  delivery: Delivery;
  slot: number;
}

async function handle(assignment: Assignment): Promise<void> {
  const { channel, queue, delivery, slot, stopped, signal, onEvent } = assignment;
  const message = parseTaskMessage(delivery.content);
  if (!message) return channel.acknowledge(delivery);
  const about = { key: message.task.key, chunk: message.task.chunk.index + 1, slot };
  const reporter = createReporter(assignment, message);
  const work = async (): Promise<WorkerEvent> => {
    await reporter.report({ state: "running" });
    reporter.notWanted.throwIfAborted();
    onEvent?.({ event: "started", ...about });
    const either = AbortSignal.any([signal, reporter.notWanted]);
    const argv = await runTask(message, { ...assignment, signal: either, onProgress: reporter.progress });
    await reporter.report({ state: "done", argv });
    return { event: "finished", ...about };
  };
  const ended = await work().catch(async (error: unknown): Promise<WorkerEvent> => {
    if (reporter.notWanted.aborted) return { event: "not_wanted", ...about };
    if (signal.aborted) return { event: "given_back", ...about };
    const failure = toFailure(error);
    await reporter.report({ state: "failed", failure });
    return { event: "failed", ...about, code: failure.code, message: failure.message };
  });
  if (ended.event === "given_back") {
    await stopped;
    await channel.giveBack(queue, delivery);
  } else channel.acknowledge(delivery);
  onEvent?.(ended);
}

/** Tells the run of its task; a run that is gone is noticed by the queue that is gone with it. */
function createReporter({ channel, delivery, slot, machine }: Assignment, { task, attempt }: TaskMessage) {
  const startedMs = performance.now();
  const notWanted = new AbortController();
  let [frames, lastMs] = [0, 0];
  const report = async (news: Pick<WorkerReport, "state"> & Partial<WorkerReport>): Promise<void> => {
    const wallSeconds = Math.round(performance.now() - startedMs) / 1000;
    const base = { key: task.key, machine: machine ?? hostname(), slot, attempt, frames, wallSeconds };
    // On a lost connection the result stays in the store, and the run asks again.
    const heard = await channel
      .send(String(delivery.properties.replyTo), { ...base, argv: [], failure: null, ...news })
      .catch(() => true);
    if (!heard) notWanted.abort();
  };
  return {
    report,
    notWanted: notWanted.signal,
    progress(reached: number): void {
      frames = reached;
      if (performance.now() - lastMs < reportEveryMs) return;
      lastMs = performance.now();
      void report({ state: "running" });
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
