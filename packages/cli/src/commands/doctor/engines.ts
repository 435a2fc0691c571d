import { checkEmbeddedPostgres, type Environment } from "./machine.ts";
import type { Check } from "./checks.ts";

/** The engines that the environment names, checked and told as `flix-server` does at its start; without DATABASE_URL the embedded one. */
export async function checkEngines(env: Environment): Promise<Check[]> {
  const embedded = env["DATABASE_URL"] ? [] : [checkEmbeddedPostgres()];
  const { checkEngines: check, ConfigError, readConfig } = await import("@flix/server");
  try {
    const checks = await check(readConfig(env));
    return [...embedded, ...checks.map(({ engine, detail, status }) => ({ name: engine, detail, status }))];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map((detail) => ({
      name: "Configuration",
      detail,
      status: "failed" as const,
    }));
    return [...embedded, ...problems];
  }
}
