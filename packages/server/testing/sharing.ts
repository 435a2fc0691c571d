import { randomUUID } from "node:crypto";
import { findAccess, whyMissing } from "../../../tools/engines/find-access.ts";
import { redis } from "../../../tools/engines/redis.ts";
import { embedded, type TestEngine } from "./test-engine.ts";

/** What processes share: nothing, or a Redis under a prefix of the platform's own, where the run is about it. */
export function testSharing(): TestEngine {
  if (process.env["FLIX_TEST_SHARING"] !== "redis") return embedded;
  const access = findAccess(redis);
  if (access === undefined) throw new Error(`This run ${whyMissing(redis)}`);
  // What is there expires by itself.
  return {
    environment: { REDIS_URL: access.url, FLIX_REDIS_PREFIX: `test-${randomUUID()}:` },
    remove: async () => {},
  };
}

/** Shares nothing in any run: for what a held clock decides, since Redis counts in its own time. */
export const alone = { REDIS_URL: "" };
