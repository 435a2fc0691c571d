import { databaseVariable, moduleNames, replicaVariable, type Config } from "./config.ts";
import { nameOf as nameOfUrl } from "./engines/advice.ts";
import { openEventStream } from "./engines/events/open-event-stream.ts";
import { openJobQueue } from "./engines/jobs/open-job-queue.ts";
import { openObjects } from "./engines/objects/open-objects.ts";
import { checkDatabase, checkReplica, nameOf, type Place } from "./engines/postgres/index.ts";
import { openRedis } from "./engines/redis/open-redis.ts";
import { createLog } from "./kernel/log.ts";

/** An engine that a variable names, and whether this machine can use it. */
export interface EngineCheck {
  engine: "PostgreSQL" | "S3" | "Kafka" | "Redis" | "RabbitMQ";
  /** The variable and what it names, without secrets; of a fault also what was tried and what to do, as the server says it. */
  detail: string;
  /** `warning`: the server goes on without it. */
  status: "ok" | "warning" | "failed";
}

/** Does with every engine of the configuration what the server does at its start, short of bringing schemas forward. Embedded ones are left alone. */
export function checkEngines(config: Config): Promise<EngineCheck[]> {
  return Promise.all([
    ...databasesOf(config).map((place) => check("PostgreSQL", shown(place), () => checkDatabase(place))),
    ...replicasOf(config).map((place) =>
      check("PostgreSQL", shown(place), () => checkReplica(place), "warning"),
    ),
    ...checkObjects(config),
    ...checkKafka(config),
    ...checkRedis(config),
    ...checkRabbitmq(config),
  ]);
}

async function check(
  engine: EngineCheck["engine"],
  detail: string,
  work: () => Promise<unknown>,
  otherwise: "warning" | "failed" = "failed",
): Promise<EngineCheck> {
  try {
    await work();
    return { engine, detail, status: "ok" };
  } catch (error) {
    return { engine, detail: error instanceof Error ? error.message : String(error), status: otherwise };
  }
}

function databasesOf({ databaseUrl, moduleDatabaseUrls }: Config): Place[] {
  return placesOf({ variable: "DATABASE_URL", url: databaseUrl }, databaseVariable, moduleDatabaseUrls);
}

function replicasOf({ replicaUrl, moduleReplicaUrls }: Config): Place[] {
  return placesOf({ variable: replicaVariable(), url: replicaUrl }, replicaVariable, moduleReplicaUrls);
}

function placesOf(
  shared: { variable: string; url: string | undefined },
  variableOf: typeof databaseVariable,
  urls: Config["moduleDatabaseUrls"],
): Place[] {
  const own = moduleNames.map((module) => ({ variable: variableOf(module), url: urls[module] }));
  return [shared, ...own].flatMap(({ variable, url }) => (url === undefined ? [] : [{ variable, url }]));
}

function shown({ variable, url }: Place): string {
  return `${variable}=${nameOf(url)}`;
}

function checkObjects({ objects }: Config): Promise<EngineCheck>[] {
  if (objects.kind === "directory") return [];
  const { bucket, prefix } = objects;
  const detail = `FLIX_OBJECTS=s3://${bucket}${prefix && "/"}${prefix}`;
  return [check("S3", detail, () => openObjects(objects))];
}

function checkKafka({ kafka }: Config): Promise<EngineCheck>[] {
  if (kafka === undefined) return [];
  const open = async () => (await openEventStream(kafka, createLog("silent"))).close();
  return [check("Kafka", `KAFKA_BROKERS=${kafka.brokers.join(",")}`, open)];
}

function checkRedis({ redis }: Config): Promise<EngineCheck>[] {
  if (redis === undefined) return [];
  const ask = async () => {
    const link = await openRedis(redis, createLog("silent"));
    try {
      await link?.start();
      await link?.check();
    } finally {
      await link?.stop();
    }
  };
  return [check("Redis", `REDIS_URL=${nameOfUrl(redis.url)}`, ask, "warning")];
}

function checkRabbitmq({ amqp }: Config): Promise<EngineCheck>[] {
  if (amqp === undefined) return [];
  const ask = async () => {
    const queue = await openJobQueue(amqp, createLog("silent"));
    try {
      await queue.start([], () => Promise.resolve());
      await queue.check();
    } finally {
      await queue.stop();
    }
  };
  // The server goes on without it; an ingest that is to use workers does not.
  return [check("RabbitMQ", `AMQP_URL=${nameOfUrl(amqp.url)}`, ask)];
}
