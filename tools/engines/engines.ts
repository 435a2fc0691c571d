import type { Engine, EngineProgram } from "./engine.ts";
import { kafka } from "./kafka.ts";
import { localstripe } from "./localstripe.ts";
import { nginx } from "./nginx.ts";
import { postgres } from "./postgres.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { redis } from "./redis.ts";
import { s3 } from "./s3.ts";

/** Every engine that `pnpm engines` knows. */
export const engines: readonly Engine[] = [postgres, s3, kafka, redis, rabbitmq, localstripe];

/** What is installed, and not run. */
export const enginePrograms: readonly EngineProgram[] = [nginx];
