import type { Engine } from "./engine.ts";
import { rabbitmq } from "./rabbitmq.ts";
import { s3 } from "./s3.ts";

/** Every engine that `pnpm engines` knows. */
export const engines: readonly Engine[] = [rabbitmq, s3];
