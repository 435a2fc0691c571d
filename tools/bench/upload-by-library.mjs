/** The anchor: the SDK library's own upload of a file, as it comes. JavaScript, since it is needed for nothing else and may be missing. */
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { memoryOf } from "./process-memory.ts";

const [{ endpoint, region, bucket, key, path }] = await once(process, "message");
const client = new S3Client({ endpoint, region, forcePathStyle: true });
const object = { Bucket: bucket, Key: key };
const startedMs = performance.now();
await new Upload({ client, params: { ...object, Body: createReadStream(path) } }).done();
const seconds = (performance.now() - startedMs) / 1000;
const bytesHeld = memoryOf(process.pid)?.highest;
await client.send(new DeleteObjectCommand(object));
process.send?.({ seconds, bytesHeld });
