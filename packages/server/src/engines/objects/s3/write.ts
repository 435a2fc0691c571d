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
 * Whatever the length, in four buffers of a part each, used again and again: 1 GiB takes 66 MiB of memory. Parts
 * are of one size, as some stores demand; `sizeBytes`, where it is known, makes them large enough for 10,000 to do: otherwise
 * 78 GiB is the most.
 */
export async function putStream(
  bucket: Bucket,
  key: string,
  body: Readable,
  { contentType, signal, sizeBytes = 0 }: PutOptions & { sizeBytes?: number },
): Promise<number> {
  const partBytes = Math.max(usualPartBytes, Math.ceil(sizeBytes / mostParts));
  const free: Buffer[] = [];
  if (signal) addAbortSignal(signal, body);
  const parts = cut(body, () => free.pop() ?? Buffer.allocUnsafe(partBytes));
  try {
    const { value: first = Buffer.alloc(0) } = await parts.next();
    if (first.length < partBytes) return await putBytes(bucket, key, first, { contentType, signal });
    return await putParts(bucket, key, prepend(first, parts), { contentType, signal, free });
  } finally {
    // Ends the body too.
    await parts.return(undefined);
  }
}

async function putParts(
  bucket: Bucket,
  key: string,
  parts: AsyncIterable<Buffer>,
  { contentType, signal, free }: PutOptions & { free: Buffer[] },
): Promise<number> {
  let sent = 0;
  await writeMultipart(bucket, { key, sizeBytes: () => sent, contentType }, (upload) =>
    mapTogether(parts, atATime, async (bytes, index) => {
      const PartNumber = index + 1;
      const part = { ...upload, PartNumber, Body: bytes, ChecksumAlgorithm: "SHA256" } as const;
      const { ETag, ChecksumSHA256 } = await bucket.client.send(new UploadPartCommand(part), {
        abortSignal: signal,
      });
      sent += bytes.length;
      free.push(bytes);
      return { PartNumber, ETag, ChecksumSHA256 };
    }),
  );
  return sent;
}

/** The body in pieces that fill a buffer; the last has what is left, and is not there where nothing is. */
async function* cut(body: Readable, takeBuffer: () => Buffer): AsyncGenerator<Buffer, undefined> {
  let piece: Buffer | undefined;
  let filled = 0;
  for await (const chunk of body) {
    let rest = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    while (rest.length > 0) {
      piece ??= takeBuffer();
      const taken = rest.copy(piece, filled);
      filled += taken;
      rest = rest.subarray(taken);
      if (filled < piece.length) continue;
      yield piece;
      piece = undefined;
      filled = 0;
    }
  }
  if (piece) yield piece.subarray(0, filled);
  return undefined;
}

async function* prepend(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
