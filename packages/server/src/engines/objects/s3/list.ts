import { DeleteObjectsCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import type { ObjectInfo } from "../objects.ts";
import { addressOf, type Bucket, keyOf } from "./bucket.ts";

export async function* listObjects(bucket: Bucket, prefix: string): AsyncGenerator<ObjectInfo> {
  for await (const names of pagesUnder(bucket, prefix)) {
    for (const { Key = "", Size = 0 } of names) yield { key: keyOf(bucket, Key), sizeBytes: Size };
  }
}

/** A thousand a request, as they are listed. */
export async function deleteObjectsUnder(bucket: Bucket, prefix: string): Promise<void> {
  for await (const names of pagesUnder(bucket, prefix)) {
    if (names.length === 0) continue;
    const Objects = names.map(({ Key }) => ({ Key }));
    const { Errors = [] } = await bucket.client.send(
      new DeleteObjectsCommand({
        Bucket: bucket.name,
        Delete: { Objects, Quiet: true },
        ChecksumAlgorithm: "SHA256",
      }),
    );
    const [first] = Errors;
    if (first)
      throw new Error(`${Errors.length} objects were not deleted, such as ${first.Key}: ${first.Code}`);
  }
}

async function* pagesUnder(bucket: Bucket, prefix: string) {
  const { Bucket, Key } = addressOf(bucket, prefix);
  const request = { Bucket, Prefix: `${Key}/` };
  for await (const { Contents = [] } of paginateListObjectsV2({ client: bucket.client }, request)) {
    yield Contents;
  }
}
