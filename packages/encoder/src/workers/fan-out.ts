import { join } from "node:path";
import { type SourceAccess, sourceAccess } from "../source/remote/source-access.ts";

/** Where chunk tasks go instead of to this machine's own encoders. */
export interface FanOut {
  /** Of the broker: AMQP. */
  url: string;
  /** Where workers leave chunks: a folder that all machines see, or `s3://bucket/prefix`. */
  store: string;
  access: SourceAccess;
}

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
