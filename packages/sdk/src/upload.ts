import type { Client } from "./client.ts";
import { sha256, toBase64 } from "./digest.ts";
import { FlixError, isFlixError } from "./errors.ts";
import { listPackageUploads, putUploadPart } from "./generated/operations.ts";
import type { Item } from "./pages.ts";
import { pages } from "./pages.ts";

/**
 * Sends what the platform still misses of a package's files. Run it again after a failure or a crash: parts that arrived are not sent
 * twice. What names other files comes after them: media, then manifests, then the report. Memory stays at a few copies of 8 MiB, or
 * of one part where that is larger. Part numbers, sizes and digests are the contract's.
 */
export async function uploadPackageFiles(
  client: Client,
  packageId: string,
  source: PackageSource,
  options: UploadOptions = {},
): Promise<UploadSummary> {
  const { concurrency = 4, signal } = options;
  const pending = await listPending(client, packageId, signal);
  const parts = pending.flatMap(missingParts);
  const progress = { sentBytes: 0, totalBytes: parts.reduce((sum, part) => sum + sizeOf(part), 0) };
  for (const stage of inStages(parts)) {
    await sendAll(stage, concurrency, signal, async (part, abort) => {
      await sendPart(client, part, source, abort);
      progress.sentBytes += sizeOf(part);
      options.onProgress?.({ ...progress, path: part.upload.path });
    });
  }
  const left = pending.length > 0 ? await listPending(client, packageId, signal) : [];
  const [first] = left;
  if (first) {
    const detail = `${left.length} of ${pending.length} files, such as ${first.path}; run it again`;
    throw new FlixError("upload_incomplete", "Files are still missing", { detail });
  }
  return { files: pending.length, sentBytes: progress.sentBytes };
}

/** Where the bytes come from: `end` is exclusive. */
export interface PackageSource {
  read(path: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface UploadOptions {
  /** Parts in flight at once; 4 by default, and fewer where they are large. */
  concurrency?: number;
  signal?: AbortSignal;
  onProgress?: (progress: UploadProgress) => void;
}

/** `totalBytes` is what was missing when the upload began. */
export interface UploadProgress {
  sentBytes: number;
  totalBytes: number;
  path: string;
}

export interface UploadSummary {
  files: number;
  sentBytes: number;
}

type Upload = Item<"listPackageUploads">;
interface Part {
  upload: Upload;
  number: number;
  start: number;
  end: number;
}

async function listPending(client: Client, packageId: string, signal?: AbortSignal): Promise<Upload[]> {
  const found: Upload[] = [];
  const input = { package_id: packageId, state: "pending" as const, page_size: 100 };
  for await (const upload of pages(client, listPackageUploads, input, { signal })) found.push(upload);
  return found;
}

function missingParts(upload: Upload): Part[] {
  const received = new Set(upload.received_parts);
  const parts: Part[] = [];
  for (let number = 1; number <= upload.part_count; number += 1) {
    const start = (number - 1) * upload.part_size_bytes;
    const end = Math.min(start + upload.part_size_bytes, upload.size_bytes);
    if (!received.has(number)) parts.push({ upload, number, start, end });
  }
  return parts;
}

/** An upload that breaks off leaves no manifest without its segments, and no report of files that are not there. */
function inStages(parts: Part[]): Part[][] {
  const stages: Part[][] = [[], [], []];
  for (const part of parts) stages[stageOf(part.upload.path)]?.push(part);
  return stages;
}

function stageOf(path: string): number {
  if (path === "package.json") return 2;
  return /\.(m3u8|mpd)$/.test(path) ? 1 : 0;
}

function sizeOf({ start, end }: Part): number {
  return end - start;
}

async function sendPart(
  client: Client,
  part: Part,
  source: PackageSource,
  signal: AbortSignal,
): Promise<void> {
  const { upload, number, start, end } = part;
  const body = await source.read(upload.path, start, end);
  if (body.byteLength !== end - start) {
    const detail = `${upload.path} has ${start + body.byteLength} bytes, not ${upload.size_bytes}`;
    throw new FlixError("file_changed", "A file changed since the package was begun", { detail });
  }
  const digest = `sha-256=:${toBase64(await sha256(body))}:`;
  const input = { upload_id: upload.id, part_number: number, body };
  const call = { headers: { "content-digest": digest }, signal, ...partLimits };
  try {
    await putUploadPart(client, input, call);
  } catch (error) {
    // Damaged on the way: the bytes here are right, so once more is worth it.
    if (!isFlixError(error) || error.code !== "upload_part_digest_mismatch") throw error;
    await putUploadPart(client, input, call);
  }
}

/** 16 MiB over a slow uplink take minutes; a server that restarts is back within the retries. */
const partLimits = { timeoutMs: 300_000, maxRetries: 6 };

/** A body is copied four times on its way out (by fetch, and for another try): only small parts are sent side by side. */
const bytesAtOnce = 8 * 1024 * 1024;

/** The first failure stops the others and is the one that is thrown. */
async function sendAll(
  parts: Part[],
  concurrency: number,
  signal: AbortSignal | undefined,
  send: (part: Part, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const failures: unknown[] = [];
  const running = new Map<Part, Promise<void>>();
  const hasRoomFor = (part: Part): boolean => {
    const bytes = [...running.keys(), part].reduce((sum, one) => sum + sizeOf(one), 0);
    return running.size === 0 || (running.size < concurrency && bytes <= bytesAtOnce);
  };
  for (const part of parts) {
    while (!hasRoomFor(part)) await Promise.race(running.values());
    if (stop.signal.aborted) break;
    const work = send(part, either)
      .catch((error: unknown) => {
        failures.push(error);
        stop.abort();
      })
      .finally(() => running.delete(part));
    running.set(
      part,
      work.then(() => {}),
    );
  }
  await Promise.all(running.values());
  if (failures.length > 0) throw failures[0];
}
