import { createServer } from "node:net";
import { join } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import { allTogether } from "./all-together.ts";
import { compose, type App } from "./app.ts";
import type { Config } from "./config.ts";
import { openDatabases } from "./databases.ts";
import { openEventStream } from "./engines/events/open-event-stream.ts";
import { openJobQueue } from "./engines/jobs/open-job-queue.ts";
import { openObjects } from "./engines/objects/open-objects.ts";
import { startEmbeddedPostgres } from "./engines/postgres/index.ts";
import { openRedis } from "./engines/redis/open-redis.ts";
import { systemClock } from "./kernel/clock.ts";
import { loadSecret } from "./kernel/secret.ts";
import { withinMs } from "./kernel/within-ms.ts";
import { createPlatform } from "./platform.ts";

export interface RunningServer {
  /** Where clients reach it. */
  url: string;
  /** Credentials of a machine client that may do all an admin may; each call makes new ones and ends the old. */
  provisionLocalOperator: App["provisionLocalOperator"];
  /** Takes no new requests, lets those that run end (20 s at most), then stops what it started. */
  stop(): Promise<void>;
}

export interface StartOptions {
  config: Config;
  log: FastifyBaseLogger;
  /** Told what is being waited for. */
  onStep?: (step: "database" | "migrations" | "listen") => void;
}

/** The server could not start; `fix` says what to do. */
export class StartError extends Error {
  readonly code: "port_in_use" | "port_not_allowed" | "host_not_available";
  readonly fix: string;

  constructor(code: StartError["code"], message: string, fix: string, cause: unknown) {
    super(message, { cause });
    this.name = "StartError";
    this.code = code;
    this.fix = fix;
  }
}

/** How long each part may take to stop, so that a supervisor that waits 25 s need not kill the process. */
const platformStopsMs = 22_000;
const streamClosesMs = 1_000;
const databasesCloseMs = 1_000;

/** Starts what the configuration names: the embedded engines where no other is given, then every module. */
export async function startServer({ config: given, log, onStep }: StartOptions): Promise<RunningServer> {
  const config = await choosePort(given);
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async () => {
    const failures: unknown[] = [];
    for (const stop of stops.toReversed()) await stop().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, "Not everything could be stopped");
  };
  try {
    onStep?.("database");
    const databases = openDatabases({ ...config, url: await databaseUrl(config, log, stops), log });
    stops.push(() => withinMs(databases.close(), databasesCloseMs));
    const openStream = async () => {
      const stream = await openEventStream(config.kafka, log);
      stops.push(() => withinMs(stream.close(), streamClosesMs));
      return stream;
    };
    const opening = [openObjects(config.objects, log), openStream(), databases.check()] as const;
    const [objects, eventStream] = await allTogether(opening);
    onStep?.("migrations");
    await databases.migrate();
    const secret = await loadSecret(config.secret, config.dataDirectory);
    const jobQueue = await openJobQueue(config.amqp, log);
    const redis = await openRedis(config.redis, log);
    if (redis) stops.push(() => redis.stop());
    let app: App | undefined;
    const platform = await createPlatform({
      config,
      clock: systemClock,
      log,
      databases,
      objects,
      redis,
      eventStream,
      jobQueue,
      secret,
      previousSecret:
        config.previousSecret === undefined ? undefined : Buffer.from(config.previousSecret, "hex"),
      compose: (kernel) =>
        (app = compose(kernel, config, databases, { redis, jobQueue: config.amqp && jobQueue })),
    });
    if (!app) throw new Error("The platform was made without its modules");
    stops.push(() => withinMs(platform.stop(), platformStopsMs));
    await redis?.start();
    onStep?.("listen");
    await listen(platform.app, config);
    platform.start();
    return { url: config.publicUrl, provisionLocalOperator: app.provisionLocalOperator, stop: once(stopAll) };
  } catch (error) {
    await stopAll().catch((failure: unknown) => log.error({ err: failure }, "could not stop cleanly"));
    throw error;
  }
}

async function databaseUrl(
  config: Config,
  log: FastifyBaseLogger,
  stops: (() => Promise<void>)[],
): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const postgres = await startEmbeddedPostgres({
    directory: join(config.dataDirectory, "postgres"),
    logger: log,
  });
  stops.push(() => postgres.stop());
  return postgres.connectionString;
}

async function listen(
  app: { listen(options: { host: string; port: number }): Promise<string> },
  { host, port }: Config,
) {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw explainListen(error, host, port);
  }
}

/** Port 0 asks for any free one, and the sign-in's issuer must be known before anything listens. */
async function choosePort(config: Config): Promise<Config> {
  const port = await probePort(config.host, config.port);
  if (config.port !== 0) return config;
  return { ...config, port, publicUrl: config.publicUrl.replace(/:0$/, `:${port}`) };
}

/** Finds out before the database is started that the port is taken. */
function probePort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => reject(explainListen(error, host, port)));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}

function explainListen(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return new StartError(
        "port_in_use",
        `Port ${port} of ${host} is in use.`,
        "Stop what listens there, or choose another port: flix up --port 8081 (FLIX_PORT for flix-server).",
        error,
      );
    case "EACCES":
      return new StartError(
        "port_not_allowed",
        `Port ${port} needs rights that this user does not have.`,
        "Choose a port from 1024 up: flix up --port 8080 (FLIX_PORT for flix-server).",
        error,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new StartError(
        "host_not_available",
        `${host} is no address of this machine.`,
        "Choose one that is: flix up --host 127.0.0.1, or 0.0.0.0 for every one (FLIX_HOST for flix-server).",
        error,
      );
    default:
      return error;
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
