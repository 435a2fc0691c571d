import { PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { addAbortSignal, type Readable } from "node:stream";
import { mapTogether } from "../../../kernel/map-together.ts";
import type { PutOptions } from "../objects.ts";
import { addressOf, type Bucket } from "./bucket.ts";
import { mostParts, writeMultipart } from "./multipart.ts";
import { writeOnce } from "./write-once.ts";

const usualPartBytes = 8 * 1024 * 1024;
/** Each holds a part in memory. */
const atATime = 4;

/** One request, with a digest that the store checks. */
export async function putBytes(
  bucket: Bucket,
  key: string,
  bytes: Buffer,
  { contentType, signal }: PutOptions,
): Promise<number> {
  const object = { ...addressOf(bucket, key), Body: bytes, ContentType: contentType };
  await writeOnce(bucket, { key, sizeBytes: bytes.length }, (condition) => {
    const command = new PutObjectCommand({ ...object, ...condition, ChecksumAlgorithm: "SHA256" });
    return bucket.client.send(command, { abortSignal: signal });
  });
  return bytes.length;
}

/**
 * Whatever the length, four parts in memory at most. Parts are of one size, as some stores demand, and buffers, so that each can be
 * sent again; `sizeBytes`, where it is known, makes them large enough for 10,000 to do: otherwise 78 GiB is the most.
 */
export async function putStream(
  bucket: Bucket,
  key: string,
  body: Readable,
  { contentType, signal, sizeBytes = 0 }: PutOptions & { sizeBytes?: number },
): Promise<number> {
  const partBytes = Math.max(usualPartBytes, Math.ceil(sizeBytes / mostParts));
  if (signal) addAbortSignal(signal, body);
  const parts = cut(body, partBytes);
  try {
    const { value: first = Buffer.alloc(0) } = await parts.next();
    if (first.length < partBytes) return await putBytes(bucket, key, first, { contentType, signal });
    return await putParts(bucket, key, prepend(first, parts), { contentType, signal });
  } finally {
    // Ends the body too.
    await parts.return(undefined);
  }
}

async function putParts(
  bucket: Bucket,
  key: string,
  parts: AsyncIterable<Buffer>,
  { contentType, signal }: PutOptions,
): Promise<number> {
  let sent = 0;
  await writeMultipart(bucket, { key, sizeBytes: () => sent, contentType }, (upload) =>
    mapTogether(parts, atATime, async (bytes, index) => {
      sent += bytes.length;
      const PartNumber = index + 1;
      const part = { ...upload, PartNumber, Body: bytes, ChecksumAlgorithm: "SHA256" } as const;
      const { ETag, ChecksumSHA256 } = await bucket.client.send(new UploadPartCommand(part), {
        abortSignal: signal,
      });
      return { PartNumber, ETag, ChecksumSHA256 };
    }),
  );
  return sent;
}

/** The body in pieces of one size; the last has what is left, and is not there where nothing is. */
async function* cut(body: Readable, pieceBytes: number): AsyncGenerator<Buffer, undefined> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of body) {
    let rest = Buffer.from(chunk);
    while (heldBytes + rest.length >= pieceBytes) {
      const needed = pieceBytes - heldBytes;
      yield Buffer.concat([...held, rest.subarray(0, needed)]);
      rest = rest.subarray(needed);
      held = [];
      heldBytes = 0;
    }
    if (rest.length > 0) held.push(rest);
    heldBytes += rest.length;
  }
  if (heldBytes > 0) yield Buffer.concat(held);
  return undefined;
}

async function* prepend(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
