import type { FastifyBaseLogger } from "fastify";
import { watchForOutage } from "../../outage.ts";
import type { KafkaLocation } from "../location.ts";
import { explain } from "./explain.ts";

export type Use = "publishing" | "consuming" | "checking";

/** The broker is lost with the first use that fails, and back when none does any more. */
export interface Availability {
  lost(use: Use, error: unknown): void;
  back(use: Use): void;
}

export function createAvailability(log: FastifyBaseLogger, location: KafkaLocation): Availability {
  const failing = new Set<Use>();
  const outage = watchForOutage({
    log,
    level: "error",
    explain: (error) => explain(error, location),
    meanwhile: "Meanwhile player events are answered with 503.",
    back: "KAFKA_BROKERS: Kafka can be used again",
  });
  return {
    lost(use, error) {
      failing.add(use);
      outage.begin(error);
    },
    back(use) {
      if (failing.delete(use) && failing.size === 0) outage.end();
    },
  };
}
