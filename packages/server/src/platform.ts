import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { setTimeout as delay } from "node:timers/promises";
import type { Config } from "./config.ts";
import type { Databases } from "./databases.ts";
import { createDirectStream } from "./engines/events/direct.ts";
import type { EventStream, StreamMessage } from "./engines/events/event-stream.ts";
import { createDirectQueue } from "./engines/jobs/direct.ts";
import type { JobQueue } from "./engines/jobs/job-queue.ts";
import type { Objects } from "./engines/objects/objects.ts";
import type { RedisLink } from "./engines/redis/link.ts";
import { shareThrough } from "./engines/redis/share.ts";
import type { Clock } from "./kernel/clock.ts";
import { readContract } from "./kernel/contract.ts";
import { EventRelay } from "./kernel/event-relay.ts";
import { EventDelivery } from "./kernel/events.ts";
import { createHttp, type Patience } from "./kernel/http.ts";
import { forgetIdempotencyKeys } from "./kernel/idempotency.ts";
import { createIds } from "./kernel/ids.ts";
import { Jobs } from "./kernel/jobs.ts";
import { createLifecycle } from "./kernel/lifecycle.ts";
import type { Kernel, Module } from "./kernel/module.ts";
import { registerOperations } from "./kernel/operations.ts";
import { createReplicaReads } from "./kernel/replica-reads.ts";
import { followRequests } from "./kernel/running-requests.ts";
import { rememberTokens, type VerifyAccessToken } from "./kernel/security.ts";
import { createTelemetry } from "./kernel/telemetry.ts";
import { createUnits, type Units } from "./kernel/unit.ts";

export interface PlatformOptions {
  config: Config;
  clock: Clock;
  log: FastifyBaseLogger;
  databases: Databases;
  objects: Objects;
  /** Not started yet; left out: every process shares nothing but the databases. */
  redis?: RedisLink | undefined;
  /** Left out: the handlers run in the unit that publishes. */
  eventStream?: EventStream;
  /** Not started yet; left out: jobs run where they are found due. */
  jobQueue?: JobQueue;
  secret: Buffer;
  previousSecret?: Buffer | undefined;
  /** How long clients may take; the usual limits when left out. */
  patience?: Patience;
  /** Makes the modules, lower ones first. */
  compose: (kernel: Kernel) => Promise<Composition> | Composition;
}

export interface Composition {
  modules: Module[];
  verifyAccessToken: VerifyAccessToken;
  /** Routes that belong to no module: the web player. */
  routes?: (app: FastifyInstance) => void | Promise<void>;
}

/** The running whole: HTTP, event delivery and background jobs over the modules that this process serves. */
export interface Platform {
  app: FastifyInstance;
  kernel: Kernel;
  /** Starts event delivery, background jobs, and the reading of replicas. */
  start(): void;
  /** Delivers every event that is waiting; for tests. */
  deliverEvents(): Promise<void>;
  /** Runs a background job now; for tests. */
  runJob(name: string): Promise<void>;
  /** Leaves for the configured time, lets requests end for `limitMs` (what is left of 20 s), then stops; databases stay open. */
  stop(limitMs?: number): Promise<void>;
}

const drainMs = 20_000;

export async function createPlatform(options: PlatformOptions): Promise<Platform> {
  const { config, clock, log, databases, objects, secret } = options;
  const ids = createIds(clock);
  const deliveries = databases.all.map((root) => new EventDelivery(root, () => units, log));
  const onPublished = () => {
    for (const reader of [...deliveries, ...relays]) reader.nudge();
  };
  const units = createUnits({ clock, ids, onPublished });
  const eventStream = options.eventStream ?? createDirectStream();
  const relays = relaysOf(databases, eventStream, units, log);
  const telemetry = createTelemetry();
  const jobQueue = options.jobQueue ?? createDirectQueue(log);
  const onEnd = telemetry.countJob;
  const jobs = databases.all.map((root) => new Jobs({ root, units, queue: jobQueue, log, onEnd }));
  const kernel: Kernel = {
    clock,
    ids,
    log,
    units,
    objects,
    ...shareThrough(options.redis, clock, telemetry.registry),
    eventStream,
    lifecycle: createLifecycle(),
    telemetry,
    secret,
    previousSecret: options.previousSecret,
    publicUrl: config.publicUrl,
    database: (module) => ({ module, root: databases.of(module) }),
  };
  const { modules, verifyAccessToken, routes } = await options.compose(kernel);
  const served = modules.filter((module) => (config.modules as string[]).includes(module.name));
  const app = await createHttp({
    log,
    ids,
    trustedProxies: config.trustedProxies,
    corsOrigins: config.corsOrigins,
    connectOrigins: licenseOriginsOf(config),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  });
  const requests = followRequests(app, kernel.lifecycle);
  kernel.telemetry.watch(app);
  const names = new Set<string>(served.map(({ name }) => name));
  registerOperations(
    app,
    readContract().filter(({ module }) => names.has(module)),
    Object.assign({}, ...served.map(({ handlers }) => handlers)),
    {
      units,
      clock,
      tokens: rememberTokens(verifyAccessToken, clock),
      limits: limitsOf(config),
      cache: kernel.cache,
      cacheKeys: Object.assign({}, ...served.map(({ cached }) => cached)),
      cachedModules: new Set(served.filter(({ cached }) => cached !== undefined).map(({ name }) => name)),
      replicaReads: createReplicaReads({ units, replicaOf: databases.replicaOf }),
      fromReplica: new Set(
        databases.replicas.length > 0 ? served.flatMap((module) => module.fromReplica ?? []) : [],
      ),
      rateLimits: kernel.rateLimits("requests"),
      databaseOf: (module) => ({ module, root: databases.of(module) }),
      leaving: kernel.lifecycle.leaving,
    },
  );
  for (const module of served) await module.routes?.(app);
  await routes?.(app);
  for (const { listeners = [], subscriptions = [], name, jobs: moduleJobs = [] } of served) {
    for (const subscription of subscriptions) eventStream.subscribe(subscription);
    // A listener of another module's events finds them in each database that a module writes to.
    for (const delivery of deliveries) for (const listener of listeners) delivery.listen(listener);
    const place = jobs[databases.all.indexOf(databases.of(name))];
    for (const job of moduleJobs) place?.every(job);
  }
  jobs.forEach((place, index) => {
    const root = databases.all[index];
    if (!root) return;
    place.every({
      name: "kernel.forget-idempotency-keys",
      everyMs: 3_600_000,
      run: ({ units }) =>
        units.write((unit) => forgetIdempotencyKeys(unit.on<object>({ module: "kernel", root }), clock)),
    });
  });
  await app.ready();
  kernel.lifecycle.serve();
  let jobsStarted = Promise.resolve();
  return {
    app,
    kernel,
    start() {
      for (const part of [...deliveries, ...relays]) part.start();
      jobsStarted = startJobs(jobQueue, jobs);
      databases.follow();
      eventStream.start({ units, onDeadLetter: kernel.telemetry.countDeadLetter });
    },
    async deliverEvents() {
      for (const delivery of deliveries) await delivery.deliverAll();
      for (const relay of relays) await relay.relay();
    },
    async runJob(name) {
      const [module] = name.split(".", 1);
      await jobs[databases.all.indexOf(databases.of(module ?? ""))]?.runNow(name);
    },
    async stop(limitMs = drainMs - config.leaveSeconds * 1000) {
      kernel.lifecycle.leave();
      await delay(config.leaveSeconds * 1000);
      kernel.lifecycle.drain();
      const jobsStopped = jobsStarted.then(() => Promise.all([...jobs, jobQueue].map((part) => part.stop())));
      const background = [...deliveries, ...relays, eventStream].map((part) => part.stop());
      await requests.ended(limitMs);
      // Cuts the connections that are left.
      await app.close();
      await Promise.all([...background, jobsStopped]);
    },
  };
}

/** The queue first: a broker that is there takes what is due. */
async function startJobs(queue: JobQueue, places: readonly Jobs[]): Promise<void> {
  const names = places.flatMap((place) => place.names);
  await queue.start(names, async (name) => {
    // The kernel's own job is one of each database.
    await Promise.all(places.map((place) => place.run(name)));
  });
  for (const place of places) place.start();
}

/** A stream that others read gets every event of the outbox too. */
function relaysOf(
  databases: Databases,
  stream: EventStream,
  units: Units,
  log: FastifyBaseLogger,
): EventRelay[] {
  if (!stream.shared) return [];
  const publish = async (messages: StreamMessage[]) =>
    void (await stream.publish(units.read(), "events", messages));
  return databases.all.map((root) => new EventRelay({ root, publish, log }));
}

function licenseOriginsOf({ licenseServers, fairPlayCertificateUrl }: Config): string[] {
  const urls = [...Object.values(licenseServers), fairPlayCertificateUrl ?? []].flat();
  return [...new Set(urls.map((url) => new URL(url).origin))];
}

function limitsOf({ limits }: Config) {
  const limit = (perSecond: number) => ({ perSecond, burst: perSecond * 5 });
  return { principal: limit(limits.principalPerSecond), anonymous: limit(limits.anonymousPerSecond) };
}
