import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { MasterOrigin } from "../source/remote/remote-source.ts";
import { withRetry } from "../source/remote/retry.ts";
import { openS3Source } from "../source/remote/s3-source.ts";
import type { SourceAccess } from "../source/remote/source-access.ts";
import type { MasterGrant } from "../source/sparse/master-cache.ts";
import { openStoreBucket, parseBucketLocation } from "./bucket-location.ts";
import { explainS3 } from "./s3-failure.ts";
import { uploadObject } from "./upload-object.ts";

interface GrantOptions {
  access: SourceAccess;
  /** How long it is of use; S3 signs for seven days at most. */
  seconds: number;
  signal: AbortSignal;
}

/**
 * Lets workers read a master where it lies, when that is a bucket and it has not changed since; null otherwise. Any other server may be one that
 * only this machine reaches.
 */
export async function grantOrigin(
  { address, version }: MasterOrigin,
  { access, seconds, signal }: GrantOptions,
): Promise<MasterGrant | null> {
  if (address.kind !== "s3") return null;
  const now = await openS3Source(address, access, signal);
  if (now.sizeBytes === null || version === null || now.version !== version) return null;
  const { openBucket } = await import("./s3.ts");
  const url = await openBucket(address, access).signGet(address.key, seconds);
  return { url, sizeBytes: now.sizeBytes, version };
}

/** A master of this disk as workers elsewhere can read it. */
export interface SharedMaster {
  grant: MasterGrant;
  /** Once nobody needs it. */
  remove(): Promise<void>;
}

/**
 * Puts a master of this disk beside the chunks, unless it is there already: the key says what it is, as a digest does. Null where the store is a
 * folder, which workers have to see as they see the master.
 */
export async function shareMaster(
  store: string,
  { path, key }: { path: string; key: string },
  options: GrantOptions & { onProgress?: (fraction: number) => void },
): Promise<SharedMaster | null> {
  const location = parseBucketLocation(store);
  if (!location) return null;
  const { access, seconds, signal, onProgress } = options;
  const bucket = await openStoreBucket(location, access);
  const name = `${location.prefix}masters/${key}`;
  const attempt = <T>(request: () => Promise<T>): Promise<T> =>
    withRetry(
      () =>
        request().catch((error: unknown) =>
          Promise.reject(explainS3(error, "store", `${bucket.name}/${name}`)),
        ),
      { patience: access.patience, signal },
    );
  const there = await attempt(() => bucket.find(name, signal));
  if (!there) {
    const content = {
      sizeBytes: (await stat(path)).size,
      bytes: () => createReadStream(path, { highWaterMark: 1 << 20 }),
    };
    await uploadObject(bucket, name, content, { patience: access.patience, signal, onProgress });
  }
  const { sizeBytes, etag } = there ?? (await attempt(() => bucket.head(name, signal)));
  return {
    grant: { url: await bucket.signGet(name, seconds), sizeBytes, version: etag },
    remove: () => attempt(() => bucket.remove(name)),
  };
}
