import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "./errors.ts";
import type { Postmaster } from "./postmaster.ts";

export interface KeptRunning {
  stop(): Promise<void>;
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * Starts a server, and starts it again whenever it ends by itself (killed for lack of memory, say), after a pause that
 * grows until it succeeds. Meanwhile requests fail and readiness tells why; the platform's own process lives on.
 */
export async function keepRunning(
  start: () => Promise<Postmaster>,
  logPath: string,
  logger: Logger | undefined,
): Promise<KeptRunning> {
  const stopping = new AbortController();
  let present = watched(await start());
  let restart: Promise<void> | undefined;

  function watched(postmaster: Postmaster): Postmaster {
    postmaster.onUnexpectedEnd((reason) => {
      logger?.error({ reason, logPath }, "the embedded PostgreSQL ended; it is started again");
      restart = startAgain().catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
      });
    });
    return postmaster;
  }

  async function startAgain(): Promise<void> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await delay(pauseMs, undefined, { signal: stopping.signal });
      try {
        present = watched(await start());
        logger?.info({ logPath }, "the embedded PostgreSQL answers again");
        return;
      } catch (err) {
        logger?.error({ err, logPath }, "the embedded PostgreSQL could not be started; trying again");
      }
    }
  }

  return {
    async stop() {
      stopping.abort();
      await restart;
      await present.stop();
    },
  };
}
