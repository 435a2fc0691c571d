import { join } from "node:path";
import { sourceAccess } from "../source/remote/source-access.ts";
import type { FanOut } from "./queue-runner.ts";

/**
 * As the environment says: AMQP_URL names the broker, FLIX_CHUNKS where workers leave chunks; without the second a folder beside the work,
 * which the workers of this machine see. Undefined where there is no broker.
 */
export function fanOutOf(
  env: Readonly<Record<string, string | undefined>>,
  workDir: string,
): FanOut | undefined {
  const url = env["AMQP_URL"];
  if (!url) return undefined;
  return { url, store: env["FLIX_CHUNKS"] || join(workDir, "store"), access: sourceAccess(env) };
}
