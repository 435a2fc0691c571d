import type { FastifyBaseLogger } from "fastify";
import type { JobQueue, RunJob } from "./job-queue.ts";

/** Without a broker a process runs what it found due; the table's locks and leases keep the others off it. */
export function createDirectQueue(log: FastifyBaseLogger): JobQueue {
  const running = new Set<Promise<void>>();
  let run: RunJob = () => Promise.resolve();
  return {
    shared: false,
    offer(name) {
      const ended = run(name)
        .catch((error: unknown) => log.warn({ err: error, job: name }, "a background job could not be begun"))
        .finally(() => running.delete(ended));
      running.add(ended);
      return Promise.resolve();
    },
    start(_names, work) {
      run = work;
      return Promise.resolve();
    },
    async stop() {
      await Promise.all(running);
    },
    check: () => Promise.resolve(),
  };
}
