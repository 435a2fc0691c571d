import { defineConfig } from "vitest/config";

/** Workspace packages resolve to their sources; only the CLI's process tests and the browser use builds. */
const conditions = ["@flix/source"];

interface Project {
  name: string;
  include: string[];
  globalSetup?: string[];
  testTimeout?: number;
}

function project({ name, include, globalSetup = [], testTimeout = 60_000 }: Project) {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: { name, include, globalSetup, testTimeout, hookTimeout: 120_000, environment: "node" as const },
  };
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
        globalSetup: ["packages/server/testing/postgres-setup.ts"],
      }),
      project({ name: "encoder", include: ["packages/encoder/**/*.test.ts"], testTimeout: 180_000 }),
      project({ name: "cli", include: ["packages/cli/**/*.test.ts"], testTimeout: 180_000 }),
      project({ name: "examples", include: ["examples/**/*.test.ts"], testTimeout: 180_000 }),
      project({ name: "tools", include: ["tools/**/*.test.ts"] }),
    ],
  },
});
