import type { FastifyBaseLogger } from "fastify";
import { createDirectQueue } from "./direct.ts";
import type { JobQueue } from "./job-queue.ts";
import type { BrokerLocation } from "./location.ts";

/** The queue that the configuration names, not started yet. */
export async function openJobQueue(
  location: BrokerLocation | undefined,
  log: FastifyBaseLogger,
): Promise<JobQueue> {
  if (location === undefined) return createDirectQueue(log);
  // Who has no broker need not load the client.
  const { createRabbitQueue } = await import("./rabbitmq.ts");
  return createRabbitQueue(location, log);
}
