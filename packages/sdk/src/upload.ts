import type { Client } from "./client.ts";
import { sha256, toBase64 } from "./digest.ts";
import {
  confirmSent,
  type DirectUploads,
  type PlannedPart,
  planParts,
  sendDirectly,
} from "./direct-uploads.ts";
import { FlixError, isFlixError } from "./errors.ts";
import { listPackageUploads, putUploadPart } from "./generated/operations.ts";
import { pages } from "./pages.ts";
import { missingParts, type PackageSource, type Part, readPart, sizeOf, type Upload } from "./upload-part.ts";

/**
 * Sends what the platform still misses of a package's files: straight to its store where it grants that, else through the platform. Run
 * it again after a failure or a crash: parts that arrived are not sent twice. What names other files comes after them: media, then
 * manifests, then the report. Memory stays at a few copies of 8 MiB, or of one part where that is larger; a source that streams has none of
 * them held. Part numbers, sizes and digests are the contract's.
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
  const direct: DirectUploads = { client, packageId, source, reached: false };
  let directBytes = 0;
  for (const stage of inStages(parts)) {
    const plan = (abort: AbortSignal) => planParts(direct, stage, abort);
    await sendAll(
      plan,
      { concurrency, streams: source.stream !== undefined, signal },
      async (planned, abort) => {
        const { part } = planned;
        if (await sendDirectly(direct, planned, abort)) directBytes += sizeOf(part);
        else await sendPart(client, part, source, abort);
        progress.sentBytes += sizeOf(part);
        options.onProgress?.({ ...progress, path: part.upload.path });
        for (const lost of await confirmSent(direct, planned, abort)) {
          directBytes -= sizeOf(lost);
          await sendPart(client, lost, source, abort);
        }
      },
    );
  }
  const left = pending.length > 0 ? await listPending(client, packageId, signal) : [];
  const [first] = left;
  if (first) {
    const detail = `${left.length} of ${pending.length} files, such as ${first.path}; run it again`;
    throw new FlixError("upload_incomplete", "Files are still missing", { detail });
  }
  const { fault } = direct;
  return { files: pending.length, sentBytes: progress.sentBytes, directBytes, ...(fault && { fault }) };
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
  /** Of those, what went straight to the platform's store. */
  directBytes: number;
  /** Why the rest did not, although the platform would have had it so; it went through the platform. */
  fault?: FlixError;
}

async function listPending(client: Client, packageId: string, signal?: AbortSignal): Promise<Upload[]> {
  const found: Upload[] = [];
  const input = { package_id: packageId, state: "pending" as const, page_size: 100 };
  for await (const upload of pages(client, listPackageUploads, input, { signal })) found.push(upload);
  return found;
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

async function sendPart(
  client: Client,
  part: Part,
  source: PackageSource,
  signal: AbortSignal,
): Promise<void> {
  const body = await readPart(source, part);
  const digest = `sha-256=:${toBase64(await sha256(body))}:`;
  const input = { upload_id: part.upload.id, part_number: part.number, body };
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

/**
 * A body that goes through the platform is copied four times on its way out (by fetch, and for another try), one that goes straight to the
 * store once: only small parts are sent side by side, or two large ones. One that is streamed is never held.
 */
const bytesAtOnce = { direct: 16 * 1024 * 1024, through: 8 * 1024 * 1024 };

interface SendLimits {
  concurrency: number;
  streams: boolean;
  signal: AbortSignal | undefined;
}

/** The first failure stops the others and is the one that is thrown. */
async function sendAll(
  plan: (signal: AbortSignal) => AsyncIterable<PlannedPart>,
  limits: SendLimits,
  send: (planned: PlannedPart, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { signal } = limits;
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const failures: unknown[] = [];
  const running = new Map<PlannedPart, Promise<void>>();
  const fail = (error: unknown) => {
    failures.push(error);
    stop.abort();
  };
  try {
    for await (const planned of plan(either)) {
      while (!hasRoomFor(planned, [...running.keys()], limits)) await Promise.race(running.values());
      if (stop.signal.aborted) break;
      const work = send(planned, either)
        .catch(fail)
        .finally(() => running.delete(planned));
      running.set(planned, work);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(running.values());
  if (failures.length > 0) throw failures[0];
}

function hasRoomFor(
  next: PlannedPart,
  running: readonly PlannedPart[],
  { concurrency, streams }: SendLimits,
): boolean {
  if (running.length === 0) return true;
  const all = [...running, next];
  const isDirect = all.every(({ granted }) => granted);
  const most = isDirect ? (streams ? Infinity : bytesAtOnce.direct) : bytesAtOnce.through;
  const bytes = all.reduce((sum, { part }) => sum + sizeOf(part), 0);
  return running.length < concurrency && bytes <= most;
}
