import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { S3Location } from "../location.ts";
import { asProblem } from "./faults.ts";
import type { StoreWatch } from "./watch-store.ts";

/** A server that serves a thousand slow viewers reads a thousand objects at once: no limit, which the slow would use up for all. */
const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };

/**
 * Keys come from the SDK's chain: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile, the container's or the machine's role.
 * The retry mode "standard" waits with full jitter, up to 20 s, and stops retrying when most requests fail.
 */
export function createClient({ endpoint, region, pathStyle }: S3Location, watch?: StoreWatch): S3Client {
  const config: S3ClientConfig = {
    forcePathStyle: pathStyle,
    retryMode: "standard",
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 3_000, socketTimeout: 30_000, httpAgent: agent, httpsAgent: agent },
  };
  if (endpoint !== undefined) config.endpoint = endpoint;
  // Stores other than Amazon's mostly have one, of this name.
  if (region !== undefined || endpoint !== undefined) config.region = region ?? "us-east-1";
  const client = new S3Client(config);
  client.middlewareStack.add(
    (next) => async (request) => {
      try {
        const answer = await next(request);
        watch?.answered();
        return answer;
      } catch (error) {
        watch?.failed(error);
        throw asProblem(error);
      }
    },
    { step: "initialize", priority: "high", name: "asProblem" },
  );
  return client;
}
