import { randomUUID } from "node:crypto";
import { findAccess, whyMissing } from "../../../tools/engines/find-access.ts";
import { redis } from "../../../tools/engines/redis.ts";

/** What processes share: nothing, or a Redis under a prefix of the platform's own, where the run is about it. */
export function testSharing(): Record<string, string> {
  if (process.env["FLIX_TEST_SHARING"] !== "redis") return {};
  const access = findAccess(redis);
  if (access === undefined) throw new Error(`This run ${whyMissing(redis)}`);
  return { REDIS_URL: access.url, FLIX_REDIS_PREFIX: `test-${randomUUID()}:` };
}

/** Shares nothing in any run: for what a held clock decides, since Redis counts in its own time. */
export const alone = { REDIS_URL: "" };
