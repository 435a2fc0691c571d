import type { BrokerChannel } from "./broker.ts";

/**
 * The queue of a version of ffmpeg: only the same program gives the same bytes, so a worker takes the tasks of its own. Whoever waits for one
 * that no worker has is told so.
 */
export function taskQueue(ffmpegVersion: string): string {
  return `flix.chunk-tasks.${ffmpegVersion.replaceAll(/[^\w.-]+/g, "_").slice(0, 100)}`;
}

/** A task that took this many workers with it is the task's fault: workers tell its run. */
export const fatalDeliveries = 3;

/** Tasks, and where those go that nobody is to take any more; whoever comes first makes both. */
export async function declareTasks(channel: BrokerChannel, queue: string): Promise<string> {
  const deadLetters = `${queue}.dead`;
  await channel.declare(deadLetters, { kind: "dead letters" });
  await channel.declare(queue, { kind: "tasks", deliveries: fatalDeliveries, deadLetters });
  return deadLetters;
}

/** A run that is gone for longer has no use for its answers: workers stop at the next report. */
export const repliesExpireMs = 120_000;

/** A task that nobody took for this long is not wanted any more; the addresses in it are signed for as long. */
export const taskLifeMs = 12 * 3600 * 1000;
