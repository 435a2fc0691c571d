import { messageOf } from "../../errors.ts";
import { ok, type Check } from "./checks.ts";
import { checkEmbeddedPostgres, type Environment } from "./machine.ts";

/** The engines that the environment names, checked and told as `flix-server` does at its start; without DATABASE_URL the embedded one. */
export async function checkEngines(env: Environment): Promise<Check[]> {
  const [ofServer, broker] = await Promise.all([checkServerEngines(env), checkBroker(env)]);
  return [...ofServer, ...broker];
}

async function checkServerEngines(env: Environment): Promise<Check[]> {
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

/** Of the encoder's workers; the platform goes on without it. */
async function checkBroker({ AMQP_URL: url }: Environment): Promise<Check[]> {
  if (!url) return [];
  const { EncoderError, tryBroker } = await import("@flix/encoder");
  try {
    return [ok("RabbitMQ", `AMQP_URL=${await tryBroker(url)}`)];
  } catch (error) {
    const hint = error instanceof EncoderError ? ` ${error.hint}` : "";
    return [{ name: "RabbitMQ", status: "failed", detail: `${messageOf(error)}${hint}` }];
  }
}
