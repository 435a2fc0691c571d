import { type CompletedPart, UploadPartCopyCommand } from "@aws-sdk/client-s3";
import { createHash, type Hash } from "node:crypto";
import { Readable } from "node:stream";
import { mapTogether } from "../../../kernel/map-together.ts";
import type { JoinOptions, ObjectInfo } from "../objects.ts";
import { type Bucket, copySourceOf } from "./bucket.ts";
import {
  largestCopiedBytes,
  type Multipart,
  mostParts,
  smallestPartBytes,
  writeMultipart,
} from "./multipart.ts";
import { openObject } from "./read.ts";
import { putStream } from "./write.ts";

const copiesAtATime = 16;

/**
 * The bytes are read once, for their digest; the store itself copies them meanwhile, where the sources can be parts of an upload, which
 * is given up when the digest is another one.
 */
export async function joinObjects(
  bucket: Bucket,
  key: string,
  sources: readonly ObjectInfo[],
  { contentType, sha256 }: JoinOptions,
): Promise<boolean> {
  if (!canBeParts(sources)) return joinHere(bucket, key, sources, { contentType, sha256 });
  const write = { key, sizeBytes: () => sizeOf(sources), contentType };
  try {
    await writeMultipart(bucket, write, async (upload) => {
      const [copied, checked] = await Promise.allSettled([
        copyParts(bucket, sources, upload),
        requireDigest(bucket, sources, sha256),
      ]);
      if (checked.status === "rejected") throw checked.reason;
      if (copied.status === "rejected") throw copied.reason;
      return copied.value;
    });
    return true;
  } catch (error) {
    if (error === differs) return false;
    throw error;
  }
}

const differs = new Error("The objects together do not have the digest");

function copyParts(
  bucket: Bucket,
  sources: readonly ObjectInfo[],
  upload: Multipart,
): Promise<CompletedPart[]> {
  return mapTogether(sources, copiesAtATime, async (source, index) => {
    const PartNumber = index + 1;
    const CopySource = copySourceOf(bucket, source.key);
    const { CopyPartResult } = await bucket.client.send(
      new UploadPartCopyCommand({ ...upload, PartNumber, CopySource }),
    );
    return { PartNumber, ETag: CopyPartResult?.ETag, ChecksumSHA256: CopyPartResult?.ChecksumSHA256 };
  });
}

async function requireDigest(bucket: Bucket, sources: readonly ObjectInfo[], sha256: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const _chunk of hashed(bucket, sources, hash));
  if (hash.digest("hex") !== sha256) throw differs;
}

function canBeParts(sources: readonly ObjectInfo[]): boolean {
  return (
    sources.length > 0 &&
    sources.length <= mostParts &&
    sources.every(({ sizeBytes }) => sizeBytes <= largestCopiedBytes) &&
    sources.slice(0, -1).every(({ sizeBytes }) => sizeBytes >= smallestPartBytes)
  );
}

/** Through this process, a part at a time. */
async function joinHere(
  bucket: Bucket,
  key: string,
  sources: readonly ObjectInfo[],
  { contentType, sha256 }: JoinOptions,
): Promise<boolean> {
  const hash = createHash("sha256");
  const body = Readable.from(
    (async function* () {
      yield* hashed(bucket, sources, hash);
      if (hash.digest("hex") !== sha256) throw differs;
    })(),
    { objectMode: false },
  );
  try {
    await putStream(bucket, key, body, { contentType, sizeBytes: sizeOf(sources) });
    return true;
  } catch (error) {
    if (error === differs) return false;
    throw error;
  }
}

async function* hashed(bucket: Bucket, sources: readonly ObjectInfo[], hash: Hash): AsyncGenerator<Buffer> {
  for (const { key } of sources) {
    const opened = await openObject(bucket, key);
    if (opened?.state !== "open") throw new Error(`The object ${key} is not there`);
    for await (const chunk of opened.body) {
      hash.update(chunk);
      yield chunk;
    }
  }
}

function sizeOf(objects: readonly ObjectInfo[]): number {
  return objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
