import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOwnKafka } from "../../../packages/server/src/engines/events/testing/own-kafka.ts";
import { startOwnPostgres } from "../../../packages/server/src/engines/postgres/testing/own-postgres.ts";
import { createEmptyDatabase } from "../../../packages/server/testing/empty-database.ts";
import { startServing, type ServingProcess } from "../../../packages/server/testing/server-process.ts";
import { freePort } from "../../../tools/engines/free-port.ts";

export type VictimName = "app" | "postgres" | "kafka";

export interface Victim {
  /** With SIGKILL. */
  kill(): Promise<void>;
  /** Resolves once it answers. */
  restart(): Promise<void>;
}

/** `flix-server` as a process of its own, over a PostgreSQL and a Kafka of its own: each may be killed. */
export interface OwnPlatform {
  url: string;
  databaseUrl: string;
  /** Names the broker. */
  eventEnvironment: Record<string, string>;
  /** All that another process of the platform needs, but for the broker. */
  environment: Record<string, string>;
  victims: Record<VictimName, Victim>;
  close(): Promise<void>;
}

export async function startOwnPlatform(): Promise<OwnPlatform> {
  const folder = await mkdtemp(join(tmpdir(), "flix-killed-"));
  const ends: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const postgres = await startOwnPostgres((stop) => void ends.push(stop));
    const kafka = await startOwnKafka();
    ends.push(() => kafka.remove());
    const { connectionString: databaseUrl } = await createEmptyDatabase(postgres.url);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const environment = {
      FLIX_DATA: folder,
      FLIX_PUBLIC_URL: url,
      FLIX_RATE_LIMIT: "1000000",
      FLIX_ANONYMOUS_RATE_LIMIT: "1000000",
    };
    const eventEnvironment = {
      KAFKA_BROKERS: kafka.broker,
      FLIX_KAFKA_TLS: kafka.authority,
      FLIX_KAFKA_SASL: `scram-sha-512:${kafka.username}:${kafka.password}`,
    };
    const app = createApp({
      DATABASE_URL: databaseUrl,
      FLIX_PORT: String(port),
      ...environment,
      ...eventEnvironment,
    });
    ends.push(() => app.kill());
    await app.restart();
    return {
      url,
      databaseUrl,
      eventEnvironment,
      environment,
      victims: { app, postgres, kafka: { kill: kafka.kill, restart: kafka.start } },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createApp(environment: Record<string, string>): Victim {
  let running: ServingProcess | undefined;
  return {
    async kill() {
      const { child, ended } = running ?? {};
      running = undefined;
      if (child === undefined || ended === undefined) return;
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      child.kill("SIGKILL");
      const { status, signal, stderr } = await ended;
      if (hasEnded) throw new Error(`flix-server had ended by itself with ${status ?? signal}: ${stderr}`);
    },
    async restart() {
      running = await startServing(environment);
    },
  };
}
