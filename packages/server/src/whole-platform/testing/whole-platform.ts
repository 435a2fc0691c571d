import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holdClock, type HeldClock } from "../../../testing/index.ts";
import { createTestDatabase } from "../../../testing/database.ts";
import type { TestDatabase } from "../../../testing/empty-database.ts";
import { testEngines } from "../../../testing/engines.ts";
import { handledWhenPublished } from "../../../testing/handled-when-published.ts";
import type { TestEngine } from "../../../testing/test-engine.ts";
import { compose, type App } from "../../app.ts";
import { readConfig } from "../../config.ts";
import { openDatabases } from "../../databases.ts";
import { openEventStream } from "../../engines/events/open-event-stream.ts";
import { openObjects } from "../../engines/objects/open-objects.ts";
import { openJobQueue } from "../../engines/jobs/open-job-queue.ts";
import { openRedis } from "../../engines/redis/open-redis.ts";
import { createLog } from "../../kernel/log.ts";
import { createPlatform, type Platform, type PlatformOptions } from "../../platform.ts";

export interface WholePlatform extends Platform {
  clock: HeldClock;
  /** What was written to the log at level trace, a write an entry. */
  logged: string[];
  connectionString: string;
  /** Those that the run is about. */
  engines: TestEngine;
  /** The credentials that `flix up` would write. */
  provision: App["provisionLocalOperator"];
  close(): Promise<void>;
}

interface WholePlatformOptions extends Partial<PlatformOptions> {
  /** Shares its database and its engines. */
  beside?: WholePlatform;
  /** An empty one, not on the server of the run; dropped with the platform. */
  database?: TestDatabase;
}

/** Every module as `flix-server` composes them, over a fresh database or that of another, with real tokens and the real log. */
export async function startWholePlatform(
  environment: Record<string, string> = {},
  { beside, database: given, ...options }: WholePlatformOptions = {},
): Promise<WholePlatform> {
  const folder = await mkdtemp(join(tmpdir(), "flix-whole-"));
  const engines = beside?.engines ?? testEngines();
  const config = readConfig({
    FLIX_DATA: folder,
    FLIX_RATE_LIMIT: "100000",
    FLIX_ANONYMOUS_RATE_LIMIT: "100000",
    ...engines.environment,
    ...environment,
  });
  const logged: string[] = [];
  const log = createLog("trace", { write: (line) => void logged.push(line) });
  const open = (url: string) => openDatabases({ ...config, url, log });
  const migrate = async (url: string) => {
    const migrating = open(url);
    await migrating.migrate();
    await migrating.close();
  };
  const makeDatabase = async () => {
    if (given === undefined) return createTestDatabase(migrate);
    await migrate(given.connectionString);
    return given;
  };
  const database = beside ? undefined : await makeDatabase();
  const connectionString = database?.connectionString ?? beside?.connectionString ?? "";
  const databases = open(connectionString);
  // The OAuth provider reads the system's clock, so ours begins with it.
  const clock = beside?.clock ?? holdClock(new Date().toISOString());
  const redis = options.redis ?? (await openRedis(config.redis, log));
  const eventStream = options.eventStream ?? handledWhenPublished(await openEventStream(config.kafka, log));
  const jobQueue = await openJobQueue(config.amqp, log);
  let composed: App | undefined;
  const platform = await createPlatform({
    config,
    clock,
    log,
    databases,
    objects: await openObjects(config.objects, log),
    secret: beside?.kernel.secret ?? randomBytes(32),
    compose: (kernel) =>
      (composed = compose(kernel, config, databases, { redis, jobQueue: config.amqp && jobQueue })),
    ...options,
    redis,
    eventStream,
    jobQueue,
  });
  if (!composed) throw new Error("The platform was made without its modules");
  // What a test brings is its own to start and to end.
  if (options.redis === undefined) await redis?.start();
  if (options.eventStream === undefined) {
    eventStream.start({ units: platform.kernel.units, onDeadLetter: () => {} });
  }
  return {
    ...platform,
    clock,
    logged,
    connectionString,
    engines,
    provision: composed.provisionLocalOperator,
    async close() {
      await platform.stop();
      if (options.redis === undefined) await redis?.stop();
      if (options.eventStream === undefined) await eventStream.close();
      await databases.close();
      await database?.drop();
      if (beside === undefined) await engines.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
