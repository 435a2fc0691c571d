import type { FastifyBaseLogger } from "fastify";
import { createDirectStream } from "./direct.ts";
import type { EventStream } from "./event-stream.ts";
import type { KafkaLocation } from "./location.ts";

/** The stream that the configuration names; throws an EventsError when it cannot be used. */
export async function openEventStream(
  location: KafkaLocation | undefined,
  log: FastifyBaseLogger,
): Promise<EventStream> {
  if (location === undefined) return createDirectStream();
  const { openKafkaStream } = await import("./kafka.ts");
  return openKafkaStream(location, log);
}
