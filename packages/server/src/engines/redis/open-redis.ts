import type { FastifyBaseLogger } from "fastify";
import type { RedisLink, RedisLocation } from "./link.ts";

/** The link that the configuration names, not started yet. */
export async function openRedis(
  location: RedisLocation | undefined,
  log: FastifyBaseLogger,
): Promise<RedisLink | undefined> {
  if (location === undefined) return undefined;
  // Who has no Redis has no use for the client, which takes 27 MB and a good part of a second to load.
  const { RedisLink } = await import("./link.ts");
  return new RedisLink({ ...location, log });
}
