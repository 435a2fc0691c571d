import { defineConfig } from "vitest/config";
import { findAccess, whyMissing } from "./tools/engines/find-access.ts";
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

const postgres = ["packages/server/testing/postgres-setup.ts"];

/** What the server keeps in its store, once more in a bucket. */
function serverOnS3(): Project[] {
  if (findAccess(s3) === undefined && !process.env.CI) {
    console.error(`skipped: server-on-s3: ${whyMissing(s3)}`);
    return [];
  }
  const modules = "packages/server/src/modules";
  const include = [
    `${modules}/media/{jobs,operations/packages,operations/uploads}.test.ts`,
    `${modules}/edge/serve-media.test.ts`,
    `${modules}/catalog/operations/artwork-and-genres.test.ts`,
  ];
  return [{ name: "server-on-s3", include, globalSetup: postgres, env: { FLIX_TEST_STORE: "s3" } }];
}

export default defineConfig({
  test: {
    // Two cores are the smallest machine that has to pass; encodes and browsers take both.
    maxWorkers: 2,
    projects: [
      project({ name: "sdk", include: ["packages/sdk/**/*.test.ts"] }),
      project({
        name: "server",
        include: ["packages/server/**/*.test.ts"],
        globalSetup: postgres,
      }),
      ...serverOnS3().map(project),
      project({ name: "encoder", include: ["packages/encoder/**/*.test.ts"], testTimeout: 180_000 }),
      project({ name: "cli", include: ["packages/cli/**/*.test.ts"], testTimeout: 180_000 }),
      project({ name: "examples", include: ["examples/**/*.test.ts"], testTimeout: 180_000 }),
      project({ name: "tools", include: ["tools/**/*.test.ts"] }),
    ],
  },
});
