import { availableParallelism } from "node:os";
import { cancelled, throwIfAborted } from "../errors.ts";

/**
 * Lets several encodes of one process share the machine: each chunk waits for its turn, so that all of them together run no more encoders
 * and take no more memory than one alone.
 */
export interface EncoderTurns {
  readonly memoryBytes: number;
  /** Waits behind those who asked before; what it answers ends the turn. */
  take(neededBytes: number, signal?: AbortSignal): Promise<() => void>;
}

interface Waiting {
  neededBytes: number;
  start(): void;
}

export function createEncoderTurns(
  count: number = availableParallelism(),
  memoryBytes: number = process.availableMemory(),
): EncoderTurns {
  const waiting: Waiting[] = [];
  let [running, takenBytes] = [0, 0];
  // Smaller ones do not overtake the first in the queue, which might wait for its memory for ever.
  const startThoseThatFit = (): void => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      const fits = running < count && takenBytes + next.neededBytes <= memoryBytes;
      if (!fits && running > 0) return;
      waiting.shift();
      running += 1;
      takenBytes += next.neededBytes;
      next.start();
    }
  };
  const end = (neededBytes: number): void => {
    running -= 1;
    takenBytes -= neededBytes;
    startThoseThatFit();
  };
  return {
    memoryBytes,
    async take(neededBytes, signal) {
      throwIfAborted(signal);
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const own: Waiting = {
        neededBytes,
        start() {
          signal?.removeEventListener("abort", leave);
          resolve(() => end(neededBytes));
        },
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(own), 1);
        reject(cancelled());
        startThoseThatFit();
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting.push(own);
      startThoseThatFit();
      return promise;
    },
  };
}
