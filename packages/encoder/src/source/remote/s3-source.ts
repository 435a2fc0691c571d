import { createHash } from "node:crypto";
import { EncoderError } from "../../errors.ts";
import type { ObjectFacts } from "../../objects/s3.ts";
import { explainS3, statusOf } from "../../objects/s3-failure.ts";
import { describeAddress, filenameOf, type RemoteAddress } from "./master-address.ts";
import type { RemoteSource } from "./remote-source.ts";
import { withRetry } from "./retry.ts";
import { requireAllowed, type SourceAccess } from "./source-access.ts";

export async function openS3Source(
  address: Extract<RemoteAddress, { kind: "s3" }>,
  access: SourceAccess,
  signal: AbortSignal,
): Promise<RemoteSource> {
  const name = describeAddress(address);
  // The library takes 150 ms to load, which films on this disk do not owe.
  const { openBucket } = await import("../../objects/s3.ts");
  if (address.endpoint !== undefined) await requireAllowed(new URL(address.endpoint), access);
  const bucket = openBucket(address, access);
  const explained = async <T>(request: Promise<T>): Promise<T> =>
    request.catch((error: unknown) => {
      throw [412, 416].includes(statusOf(error)) ? changed(name) : explainS3(error, "source", name);
    });
  const describe = async (): Promise<ObjectFacts> => {
    try {
      return await bucket.head(address.key, signal);
    } catch (error) {
      // A refused HEAD has no body and does not say why; a GET does.
      (await explained(bucket.read(address.key, { start: 0, end: 1 }, null, signal))).destroy();
      throw explainS3(error, "source", name);
    }
  };
  const { sizeBytes, etag, checksum } = await withRetry(describe, { patience: access.patience, signal });
  return {
    name,
    filename: filenameOf(address),
    identity: createHash("sha256")
      .update(JSON.stringify([name, address.endpoint]))
      .digest("hex"),
    sizeBytes,
    version: etag,
    resumable: etag !== null,
    checksum,
    read: async (range, signal) => explained(bucket.read(address.key, range, etag, signal)),
  };
}

function changed(name: string): EncoderError {
  return new EncoderError("source_changed", {
    message: `${name} changed while it was read.`,
    hint: "Wait until the master is written to its end, then run the same command again.",
  });
}
