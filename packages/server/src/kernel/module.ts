import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import type { ModuleOperations } from "@flix/openapi";
import type { EventStream, Subscription } from "../engines/events/event-stream.ts";
import type { Objects } from "../engines/objects/objects.ts";
import type { Sharing } from "../engines/redis/share.ts";
import type { Clock } from "./clock.ts";
import type { Listener } from "./events.ts";
import type { Handlers, OperationId } from "./handler.ts";
import type { Ids } from "./ids.ts";
import type { Job } from "./job.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Principal } from "./security.ts";
import type { Database, Units } from "./unit.ts";

/** What every module is built from. */
export interface Kernel extends Sharing {
  clock: Clock;
  ids: Ids;
  log: FastifyBaseLogger;
  units: Units;
  objects: Objects;
  eventStream: EventStream;
  lifecycle: Lifecycle;
  telemetry: Telemetry;
  /** 32 bytes from which each use derives its own key (HKDF, `info` names the use). */
  secret: Buffer;
  /** The one before, for as long as something is still sealed with it. */
  previousSecret: Buffer | undefined;
  /** Where clients reach the platform, without a trailing slash. */
  publicUrl: string;
  database<Tables extends object>(module: string): Database<Tables>;
}

/** A part of the server: the operations that it owes to the contract, and what it runs beside them. */
export interface Module {
  /** As in the configuration's list of modules; also its schema. */
  name: string;
  handlers: Record<string, unknown>;
  /** Routes outside the contract: sign-in pages, media, documentation. */
  routes?: (app: FastifyInstance) => void | Promise<void>;
  listeners?: Listener[];
  subscriptions?: Subscription[];
  jobs?: Job[];
  /** Reads whose answer is the same for everybody with the same key; undefined: this one is not to be kept. */
  cached?: Record<string, CacheKey>;
  /** Reads that may come from a replica, some moments old: of what the caller does not write, or not in the step before. */
  fromReplica?: readonly OperationId[];
}

/** What an answer depends on beside the operation and its parameters. */
export type CacheKey = (principal: Principal) => string | undefined;

/** Pairs handlers with their context; a missing or surplus handler does not compile. */
export function defineModule<Name extends keyof ModuleOperations, Context>(
  name: Name,
  context: Context,
  handlers: Handlers<Name, Context>,
  rest: Omit<Module, "name" | "handlers"> = {},
): Module {
  const bound = Object.fromEntries(
    Object.entries<(request: never, context: Context) => unknown>(handlers).map(([operationId, handler]) => [
      operationId,
      (request: never) => handler(request, context),
    ]),
  );
  return { name, handlers: bound, ...rest };
}
