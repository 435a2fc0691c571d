import type { SourceAccess } from "../source/remote/source-access.ts";
import type { OwnBlob } from "./chunk-store.ts";
import type { Bucket } from "./s3.ts";
import { explainBytes, explainS3, statusOf } from "./s3-failure.ts";
import { uploadObject } from "./upload-object.ts";

export function bucketBlob(bucket: Bucket, key: string, access: SourceAccess): OwnBlob {
  const name = `${bucket.name}/${key}`;
  /** Without the right to list the bucket, S3 answers 403 for what is not there. */
  const orNull = async <T>(request: Promise<T>): Promise<T | null> =>
    request.catch((error: unknown) => {
      if (statusOf(error) === 404 && !(error instanceof Error && error.name === "NoSuchBucket")) return null;
      throw explainS3(error, "store", name);
    });
  return {
    exists: async (signal) => (await orNull(bucket.head(key, signal))) !== null,
    write: (archive, signal) => uploadObject(bucket, key, archive, { patience: access.patience, signal }),
    async read(signal) {
      const stream = await orNull(bucket.read(key, { start: 0, end: null }, null, signal));
      return stream && explainBytes(stream, name);
    },
    remove: async () => void (await orNull(bucket.remove(key))),
  };
}
