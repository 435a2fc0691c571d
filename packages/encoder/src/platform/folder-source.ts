import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { type ClientRequest, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { FlixError, type PackageSource, type PutAnswer, type PutRequest } from "@flix/sdk";

/** Large enough for few system calls, small enough to stay in the processor's cache between the read and the hash. */
const chunkBytes = 256 * 1024;

/**
 * The files of a package on a disk; only those that are named are read, whatever the platform asks for. Parts stream from the disk to the
 * store through a few buffers that are used again and again: fetch would hold each part twice.
 */
export function createFolderSource(folder: string, paths: Iterable<string>): PackageSource {
  const known = new Set(paths);
  const free: Buffer[] = [];

  async function withFile<Result>(path: string, use: (file: FileHandle) => Promise<Result>): Promise<Result> {
    if (!known.has(path)) throw new RangeError(`${path} was asked for, which is no file of the package`);
    const file = await open(join(folder, path));
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }

  /** The buffer goes back only when all went well: a write that broke off may still hold it. */
  async function withChunks<Result>(
    [path, start, end]: [path: string, start: number, end: number],
    use: (chunks: AsyncIterable<Buffer>) => Promise<Result>,
  ): Promise<Result> {
    const buffer = free.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
    const result = await withFile(path, (file) => use(chunksOf(file, { path, start, end, buffer })));
    free.push(buffer);
    return result;
  }

  return {
    read: (path, start, end) =>
      withFile(path, async (file) => {
        const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start);
        return buffer.subarray(0, bytesRead);
      }),
    stream: {
      digest: (...range) => withChunks(range, digestOf),
      put: (path, start, end, request) =>
        withChunks([path, start, end], (chunks) => put(chunks, end - start, request)),
    },
  };
}

interface ChunkedRange {
  path: string;
  start: number;
  end: number;
  buffer: Buffer;
}

/** Each is gone when the next one is asked for. */
async function* chunksOf(file: FileHandle, { path, start, end, buffer }: ChunkedRange) {
  for (let at = start; at < end;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at);
    if (bytesRead === 0) {
      const detail = `${path} has ${at} bytes, and should have ${end} at least`;
      throw new FlixError("file_changed", "A file changed since the package was begun", { detail });
    }
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function digestOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

/** A store that refuses may answer before it has read all; then the rest is not sent. */
async function put(
  chunks: AsyncIterable<Buffer>,
  sizeBytes: number,
  { url, headers, signal }: PutRequest,
): Promise<PutAnswer> {
  const request = (url.startsWith("https:") ? requestHttps : requestHttp)(url, {
    method: "PUT",
    headers: { ...headers, "content-length": sizeBytes },
    signal,
  });
  const answered = answerOf(request);
  try {
    for await (const chunk of chunks) {
      const early = await Promise.race([answered, write(request, chunk)]);
      if (early) return early;
    }
    request.end();
    return await answered;
  } finally {
    if (!request.writableEnded) request.destroy();
  }
}

function answerOf(request: ClientRequest): Promise<PutAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PutAnswer>();
  request.on("error", reject);
  request.once("response", (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
  });
  // The request may fail before anybody waits for its answer.
  promise.catch(() => {});
  return promise;
}

/** Until the system has the bytes: the buffer is filled again then. */
function write(request: ClientRequest, chunk: Buffer): Promise<undefined> {
  return new Promise((resolve, reject) => {
    request.write(chunk, (error) => (error ? reject(error) : resolve(undefined)));
  });
}
