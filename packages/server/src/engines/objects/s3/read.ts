import { GetObjectCommand, type GetObjectCommandOutput, HeadObjectCommand } from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { digestOf } from "../digest.ts";
import type { ObjectFacts, ObjectInfo, Opened } from "../objects.ts";
import type { ByteRange, RangeSpec } from "../range.ts";
import { addressOf, type Bucket } from "./bucket.ts";
import { isCutOff, statusOf } from "./faults.ts";

export async function headObject(bucket: Bucket, key: string): Promise<ObjectInfo | undefined> {
  try {
    const { ContentLength = 0 } = await bucket.client.send(new HeadObjectCommand(addressOf(bucket, key)));
    return { key, sizeBytes: ContentLength };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** By the SHA-256 that the store checked and kept; one without, or with one of parts only, is read. */
export async function verifyObject(
  bucket: Bucket,
  key: string,
  { sizeBytes, sha256 }: ObjectFacts,
): Promise<"same" | "other" | "none"> {
  try {
    const command = new HeadObjectCommand({ ...addressOf(bucket, key), ChecksumMode: "ENABLED" });
    const { ContentLength, ChecksumSHA256, ChecksumType } = await bucket.client.send(command);
    if (ContentLength !== sizeBytes) return "other";
    // `digest-3` is that of the digests of three parts.
    if (ChecksumSHA256 && ChecksumType !== "COMPOSITE" && !ChecksumSHA256.includes("-")) {
      return ChecksumSHA256 === Buffer.from(sha256, "hex").toString("base64") ? "same" : "other";
    }
  } catch (error) {
    if (statusOf(error) === 404) return "none";
    throw error;
  }
  const opened = await openObject(bucket, key);
  if (opened?.state !== "open") return opened === undefined ? "none" : "other";
  return (await digestOf(opened.body)) === sha256 ? "same" : "other";
}

/** One request for size and bytes; a body whose connection breaks goes on where it was. */
export async function openObject(
  bucket: Bucket,
  key: string,
  range?: RangeSpec,
): Promise<Opened | undefined> {
  const stop = new AbortController();
  try {
    const first = await get(bucket, key, { range, signal: stop.signal });
    const found = placeOf(first);
    const body = Readable.from(chunksOf(bucket, key, { first, range: found.range, signal: stop.signal }), {
      objectMode: false,
    });
    // Its reader may go before the first byte, or while it waits for the store.
    body.once("close", () => {
      stop.abort();
      streamOf(first).destroy();
    });
    return { state: "open", ...found, body };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    if (statusOf(error) !== 416) throw error;
    const info = await headObject(bucket, key);
    return info && { state: "outside", sizeBytes: info.sizeBytes };
  }
}

/** As often in a row as nothing came. */
const mostTries = 5;

async function* chunksOf(
  bucket: Bucket,
  key: string,
  { first, range, signal }: { first: GetObjectCommandOutput; range: ByteRange; signal: AbortSignal },
): AsyncGenerator<Buffer> {
  let response = first;
  let at = range.start;
  for (let tries = 1; ; tries += 1) {
    try {
      for await (const chunk of streamOf(response)) {
        at += chunk.length;
        tries = 0;
        yield chunk;
      }
      return;
    } catch (error) {
      if (signal.aborted || tries >= mostTries || !isCutOff(error)) throw error;
      if (at > range.end) return;
      await delay(Math.random() * 100 * 2 ** tries, undefined, { signal });
      // Objects are written once, so the rest is of the same bytes; the tag makes sure.
      response = await get(bucket, key, { range: { start: at, end: range.end }, tag: first.ETag, signal });
    }
  }
}

function get(
  bucket: Bucket,
  key: string,
  { range, tag, signal }: { range?: RangeSpec | undefined; tag?: string | undefined; signal: AbortSignal },
): Promise<GetObjectCommandOutput> {
  const command = new GetObjectCommand({ ...addressOf(bucket, key), Range: headerOf(range), IfMatch: tag });
  return bucket.client.send(command, { abortSignal: signal });
}

/** RFC 9110 section 14.1.2. */
function headerOf(range: RangeSpec | undefined): string | undefined {
  if (range === undefined) return undefined;
  return "last" in range ? `bytes=-${range.last}` : `bytes=${range.start}-${range.end ?? ""}`;
}

function placeOf({ ContentRange, ContentLength = 0 }: GetObjectCommandOutput) {
  const [, start, end, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(ContentRange ?? "") ?? [];
  if (size === undefined) return { sizeBytes: ContentLength, range: { start: 0, end: ContentLength - 1 } };
  return { sizeBytes: Number(size), range: { start: Number(start), end: Number(end) } };
}

function streamOf({ Body }: GetObjectCommandOutput): Readable {
  if (Body instanceof Readable) return Body;
  throw new Error("The store's answer has no body");
}
