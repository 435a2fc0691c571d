import { CopyObjectCommand, DeleteObjectCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import { randomBytes, randomUUID } from "node:crypto";
import type { OutageOptions } from "../outage.ts";
import type { S3Location } from "./location.ts";
import type { Objects } from "./objects.ts";
import { readObject } from "./read-object.ts";
import { addressOf, type Bucket, copySourceOf } from "./s3/bucket.ts";
import { askOnce } from "./s3/ask-once.ts";
import { createClient } from "./s3/client.ts";
import { explain } from "./s3/explain.ts";
import { statusOf } from "./s3/faults.ts";
import { holdsToGrants, signPut } from "./s3/grant.ts";
import { joinObjects } from "./s3/join.ts";
import { deleteObjectsUnder, listObjects } from "./s3/list.ts";
import { createMultiparts } from "./s3/granted-parts.ts";
import { sweepMultiparts } from "./s3/multipart.ts";
import { headObject, openObject, verifyObject } from "./s3/read.ts";
import { watchStore, type StoreWatch } from "./s3/watch-store.ts";
import { putBytes, putStream } from "./s3/write.ts";

/**
 * Objects in a bucket of S3, or of a store that speaks as it does; throws an ObjectsError when it cannot be used. That it goes away
 * later, and comes back, is told to the log.
 */
export async function openS3Objects(location: S3Location, log?: OutageOptions["log"]): Promise<Objects> {
  let watch: StoreWatch | undefined;
  const objects = createS3Objects(location, {
    answered: () => watch?.answered(),
    failed: (error) => watch?.failed(error),
  });
  try {
    await tryStore(objects);
  } catch (error) {
    throw explain(error, location);
  }
  if (log !== undefined) watch = watchStore(log, location);
  return objects;
}

export function createS3Objects(location: S3Location, watch?: StoreWatch): Objects {
  const client = createClient(location, watch);
  const prefix = location.prefix === "" ? "" : `${location.prefix}/`;
  const bucket: Bucket = { client, name: location.bucket, prefix };
  const { publicEndpoint: endpoint } = location;
  const outside =
    endpoint === undefined ? bucket : { ...bucket, client: createClient({ ...location, endpoint }) };
  const isTrue = askOnce(() => holdsToGrants(bucket));
  return {
    async put(key, body, options) {
      const write = Buffer.isBuffer(body)
        ? putBytes(bucket, key, body, options)
        : putStream(bucket, key, body, options);
      return { key, sizeBytes: await write };
    },
    join: (key, sources, options) => joinObjects(bucket, key, sources, options),
    async grantPut(key, options) {
      return (await isTrue()) ? signPut(outside, key, options) : undefined;
    },
    multiparts: createMultiparts(bucket, outside),
    verify: (key, facts) => verifyObject(bucket, key, facts),
    head: (key) => headObject(bucket, key),
    open: (key, range) => openObject(bucket, key, range),
    list: (under) => listObjects(bucket, under),
    async link(key, name) {
      try {
        const CopySource = copySourceOf(bucket, key);
        await client.send(new CopyObjectCommand({ ...addressOf(bucket, name), CopySource }));
        return true;
      } catch (error) {
        // It is gone (404), or larger than a copy may be (400).
        if ([400, 404].includes(statusOf(error) ?? 0)) return false;
        throw error;
      }
    },
    async delete(key) {
      await client.send(new DeleteObjectCommand(addressOf(bucket, key)));
    },
    deleteUnder: (under) => deleteObjectsUnder(bucket, under),
    sweep: (begunBefore, open = new Set()) => sweepMultiparts(bucket, begunBefore, open),
    async check() {
      try {
        await client.send(new HeadBucketCommand({ Bucket: bucket.name }));
      } catch (error) {
        throw explain(error, location);
      }
    },
  };
}

/** Any web server may answer that it has stored something: only what comes back proves it. */
async function tryStore(objects: Objects): Promise<void> {
  const key = `trial/${randomUUID()}`;
  const bytes = randomBytes(16);
  await objects.put(key, bytes, { contentType: "application/octet-stream" });
  const found = await readObject(objects, key);
  await objects.delete(key);
  if (!found?.equals(bytes)) throw new SyntaxError("What was written did not come back");
}
