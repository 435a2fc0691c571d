import type { FastifyBaseLogger } from "fastify";

export type Use = "publishing" | "consuming" | "checking";

/** One line when the first use of the broker fails, one when none does any more. */
export interface Availability {
  lost(use: Use, error: unknown): void;
  back(use: Use): void;
}

export function createAvailability(log: FastifyBaseLogger, brokers: string[]): Availability {
  const failing = new Set<Use>();
  return {
    lost(use, error) {
      if (failing.size === 0) log.error({ err: error, brokers }, "Kafka cannot be used; trying again");
      failing.add(use);
    },
    back(use) {
      if (failing.delete(use) && failing.size === 0) log.info({ brokers }, "Kafka can be used again");
    },
  };
}
