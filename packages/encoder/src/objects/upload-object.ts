import { createHash } from "node:crypto";
import { type Patience, withRetry } from "../source/remote/retry.ts";
import type { Bucket, UploadedPart } from "./s3.ts";
import { explainS3, statusOf } from "./s3-failure.ts";

export interface ObjectBytes {
  sizeBytes: number;
  /** From the start, each time it is called. */
  bytes(): AsyncIterable<Uint8Array>;
}

interface UploadOptions {
  patience: Patience;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
}

/** One part is in memory at a time. */
const minPartBytes = 8 << 20;
/** S3 takes 10,000. */
const maxParts = 9_000;

/**
 * Writes an object whole or not at all, with SHA-256 checked by the server; one that is there already stays. A large one goes in parts: those
 * that an earlier run sent are not sent again.
 */
export async function uploadObject(
  bucket: Bucket,
  key: string,
  content: ObjectBytes,
  options: UploadOptions,
): Promise<void> {
  const { patience, signal, onProgress } = options;
  const attempt = <T>(request: () => Promise<T>): Promise<T> =>
    withRetry(() => request().catch((error: unknown) => Promise.reject(explainUpload(error, bucket, key))), {
      patience,
      signal,
    });
  const partBytes = Math.max(minPartBytes, Math.ceil(content.sizeBytes / maxParts));
  if (content.sizeBytes <= partBytes) {
    for await (const body of inParts(content.bytes(), partBytes))
      await attempt(() => unlessThere(bucket.put(key, body, { sha256: sha256Of(body), signal })));
    return;
  }
  const { uploads } = bucket;
  const id = await attempt(async () => (await uploads.find(key)) ?? uploads.begin(key));
  const sent = new Map((await attempt(() => uploads.parts(key, id))).map((part) => [part.number, part]));
  const parts: UploadedPart[] = [];
  for await (const body of inParts(content.bytes(), partBytes)) {
    const [number, sha256] = [parts.length + 1, sha256Of(body)];
    const known = sent.get(number);
    const part =
      known?.sha256 === sha256
        ? known
        : await attempt(() => uploads.put(key, id, number, body, { sha256, signal }));
    parts.push(part);
    onProgress?.(Math.min(1, (number * partBytes) / content.sizeBytes));
  }
  await attempt(() => unlessThere(uploads.complete(key, id, parts)));
}

/** 412 says that somebody else was faster with the same object. */
async function unlessThere(request: Promise<void>): Promise<void> {
  await request.catch((error: unknown) => {
    if (statusOf(error) !== 412) throw error;
  });
}

function explainUpload(error: unknown, bucket: Bucket, key: string): unknown {
  // 409: two uploads of one object at a time; the other one decides.
  const busy =
    statusOf(error) === 409
      ? Object.assign(new Error("busy"), { code: "ConditionalRequestConflict" })
      : error;
  return explainS3(busy, "store", `${bucket.name}/${key}`);
}

async function* inParts(bytes: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Buffer> {
  let part = Buffer.alloc(partBytes);
  let filled = 0;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(chunk.length - at, partBytes - filled);
      part.set(chunk.subarray(at, at + taken), filled);
      [at, filled] = [at + taken, filled + taken];
      if (filled < partBytes) continue;
      yield part;
      [part, filled] = [Buffer.alloc(partBytes), 0];
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
