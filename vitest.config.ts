import { defineConfig } from "vitest/config";
import type { Engine } from "./tools/engines/engine.ts";
import { findAccess, whyMissing } from "./tools/engines/find-access.ts";
import { kafka } from "./tools/engines/kafka.ts";
import { postgres } from "./tools/engines/postgres.ts";
import { rabbitmq } from "./tools/engines/rabbitmq.ts";
import { redis } from "./tools/engines/redis.ts";
import { s3 } from "./tools/engines/s3.ts";

/** Workspace packages resolve to their sources; only the CLI's process tests and the browser use builds. */
const conditions = ["@flix/source"];

interface Project {
  name: string;
  include: string[];
  globalSetup?: string[];
  testTimeout?: number;
  env?: Record<string, string>;
}

function project({ name, include, globalSetup = [], testTimeout = 60_000, env = {} }: Project) {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      include,
      globalSetup,
      testTimeout,
      env,
      hookTimeout: 120_000,
      environment: "node" as const,
    },
  };
}

const database = ["packages/server/testing/postgres-setup.ts"];

/** `vitest --mode engines`: all that the server's tests do, over the engines that a platform grows into. */
function serverOnEngines(): Project {
  const engines: Engine[] = [postgres, s3, kafka, redis, rabbitmq];
  const missing = engines.filter((engine) => findAccess(engine) === undefined);
  if (missing.length > 0) throw new Error(`server-on-engines: ${missing.map(whyMissing).join("; ")}`);
  return {
    name: "server-on-engines",
    include: ["packages/server/**/*.test.ts"],
    globalSetup: database,
    env: {
      FLIX_TEST_DATABASE: "postgres",
      FLIX_TEST_STORE: "s3",
      FLIX_TEST_SHARING: "redis",
      FLIX_TEST_EVENTS: "kafka",
      FLIX_TEST_JOBS: "rabbitmq",
    },
  };
}

const everywhere: Project[] = [
  { name: "sdk", include: ["packages/sdk/**/*.test.ts"] },
  { name: "server", include: ["packages/server/**/*.test.ts"], globalSetup: database },
  { name: "encoder", include: ["packages/encoder/**/*.test.ts"], testTimeout: 180_000 },
  { name: "cli", include: ["packages/cli/**/*.test.ts"], testTimeout: 180_000 },
  { name: "examples", include: ["examples/**/*.test.ts"], testTimeout: 180_000 },
  { name: "tools", include: ["tools/**/*.test.ts"] },
];

export default defineConfig(({ mode }) => ({
  test: {
    // Two cores are the smallest machine that has to pass; encodes and browsers take both.
    maxWorkers: 2,
    projects: (mode === "engines" ? [serverOnEngines()] : everywhere).map(project),
  },
}));
