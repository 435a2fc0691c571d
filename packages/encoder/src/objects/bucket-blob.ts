import type { SourceAccess } from "../source/remote/source-access.ts";
import type { OwnBlob } from "./blob.ts";
import type { Bucket } from "./s3.ts";
import { explainBytes, explainS3 } from "./s3-failure.ts";
import { uploadObject } from "./upload-object.ts";

export function bucketBlob(bucket: Bucket, key: string, access: SourceAccess): OwnBlob {
  const name = `${bucket.name}/${key}`;
  const explained = async <T>(request: Promise<T>): Promise<T> =>
    request.catch((error: unknown) => {
      throw explainS3(error, "store", name);
    });
  return {
    exists: async (signal) => (await explained(bucket.find(key, signal))) !== null,
    write: (archive, signal) => uploadObject(bucket, key, archive, { patience: access.patience, signal }),
    async read(signal) {
      const found = await explained(bucket.find(key, signal));
      if (!found) return null;
      const stream = bucket.read(key, { start: 0, end: null }, found.etag, signal);
      return explainBytes(await explained(stream), name);
    },
    remove: () => explained(bucket.remove(key)),
  };
}
