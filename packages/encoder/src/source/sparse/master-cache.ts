import { createHash, randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EncoderError, type EncoderErrorCode } from "../../errors.ts";
import { acquireLock } from "../../work/work-lock.ts";
import { fetchMaster } from "../remote/fetch-master.ts";
import type { RemoteSource } from "../remote/remote-source.ts";
import { withoutSignature } from "../remote/signatures.ts";
import type { SourceAccess } from "../remote/source-access.ts";
import { openWebSource } from "../remote/web-source.ts";
import { bytesIn } from "./byte-ranges.ts";
import { type Cached, createDiskCache, type DiskCache } from "./disk-cache.ts";
import { openSparseMaster, type SparseMaster, type Span } from "./sparse-master.ts";

/** A master that whoever has this may read for a while, as plain data that fits in a message. */
export interface MasterGrant {
  /** Signed, or public: with ranges and an ETag. */
  url: string;
  sizeBytes: number;
  version: string | null;
}

/** What a worker holds of masters on other machines. */
export interface MasterCache {
  /**
   * Runs work on a local file that has the span of the master, the rest of it being holes; where that fails as holes would make it fail, and
   * where the container does not lead to the span, on the whole master. Work may be run twice, therefore.
   */
  read<T>(
    master: MasterGrant,
    span: Span | null,
    work: (path: string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  /** Ends transfers and removes everything. */
  close(): Promise<void>;
}

interface CacheOptions {
  budgetBytes: number;
  ffprobe: string;
  access: SourceAccess;
}

type CachedFile = Cached & { path: string; sparse: SparseMaster | null };

interface Room extends CacheOptions {
  folder: string;
  files: DiskCache<CachedFile>;
  signal: AbortSignal;
}

/** Beyond this share a part is hardly less than the whole, which serves the other parts too. */
const wholeFromShare = 0.7;

/** The folder is of one process at a time, and emptied: what a killed one left is of unknown worth. */
export async function openMasterCache(folder: string, options: CacheOptions): Promise<MasterCache> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const release = await acquireLock(join(root, "masters.lock"));
  const own = join(root, "masters");
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { mode: 0o700 });
  const stop = new AbortController();
  const files = createDiskCache<CachedFile>(own, options.budgetBytes);
  const room: Room = { ...options, folder: own, files, signal: stop.signal };
  return {
    async read(master, span, work, signal) {
      const key = keyOf(master);
      if (span && !files.has(`${key} whole`)) {
        const done = await useSpan(room, { master, key, span }, work, signal);
        if (done) return done.result;
      }
      return files.use(
        `${key} whole`,
        () => fetchWhole(room, master),
        ({ path }) => work(path),
        signal,
      );
    },
    async close() {
      stop.abort();
      await files.clear();
      await rm(own, { recursive: true, force: true });
      await release();
    },
  };
}

function keyOf({ url, version, sizeBytes }: MasterGrant): string {
  return digest([withoutSignature(new URL(url)), version, sizeBytes]);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

interface Part {
  master: MasterGrant;
  key: string;
  span: Span;
}

/** What ends this way may have met a hole: a seek that goes elsewhere than its index says, a decoder that looks further. */
const signsOfHoles: readonly EncoderErrorCode[] = [
  "corrupt",
  "truncated",
  "not_media",
  "no_video",
  "codec_not_supported",
  "ffmpeg_failed",
  "verify_failed",
];

/** Null where only the whole master will do. */
async function useSpan<T>(
  room: Room,
  { master, key, span }: Part,
  work: (path: string) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<{ result: T } | null> {
  const make = (): Promise<CachedFile> =>
    room.files.use(
      `${key} index`,
      () => fetchIndex(room, master),
      (index) => fetchSpan(room, master, index, span),
    );
  try {
    return await room.files.use(
      `${key} ${digest(span)}`,
      make,
      async ({ path }) => (path === "" ? null : { result: await work(path) }),
      signal,
    );
  } catch (error) {
    if (error instanceof EncoderError && signsOfHoles.includes(error.code)) return null;
    throw error;
  }
}

async function fetchIndex(room: Room, master: MasterGrant): Promise<CachedFile> {
  const source = await openGranted(room, master);
  if (!source.resumable) return nothing;
  const path = newPath(room);
  const sparse = await openSparseMaster(source, path, room).catch(async (error: unknown) => {
    await rm(path, { force: true });
    throw error;
  });
  if (!sparse) {
    await rm(path);
    return nothing;
  }
  const remove = async (): Promise<void> => {
    await sparse.file.close();
    await rm(path, { force: true });
  };
  return { path, sparse, bytes: sparse.file.fetchedBytes(), remove };
}

/** Remembers that there is none to be had. */
const nothing: CachedFile = { path: "", sparse: null, bytes: 0, remove: async () => {} };

async function fetchSpan(
  room: Room,
  master: MasterGrant,
  { sparse }: CachedFile,
  span: Span,
): Promise<CachedFile> {
  const ranges = await sparse?.rangesOf(span);
  if (!sparse || !ranges || bytesIn(ranges) > master.sizeBytes * wholeFromShare) return nothing;
  await room.files.reserve(sparse.file.fetchedBytes() + bytesIn(ranges));
  const path = newPath(room);
  try {
    // Signed anew since the index was fetched, perhaps.
    const file = await sparse.file.copyTo(path, await openGranted(room, master));
    try {
      await file.fetch(ranges);
    } finally {
      await file.close();
    }
    return { path, sparse: null, bytes: file.fetchedBytes(), remove: () => rm(path, { force: true }) };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function fetchWhole({ folder, files, access, signal }: Room, master: MasterGrant): Promise<CachedFile> {
  await files.reserve(master.sizeBytes);
  const accept = (source: RemoteSource): void => requireSame(source, master);
  const address = { kind: "web", url: new URL(master.url) } as const;
  const { path, discard } = await fetchMaster(address, { workDir: folder, access, signal, accept });
  return { path, sparse: null, bytes: master.sizeBytes, remove: discard };
}

async function openGranted({ access, signal }: Room, master: MasterGrant): Promise<RemoteSource> {
  const source = await openWebSource(new URL(master.url), access, signal);
  requireSame(source, master);
  return source;
}

function requireSame({ name, sizeBytes, version }: RemoteSource, master: MasterGrant): void {
  const sameVersion = master.version === null || version === master.version;
  if ((sizeBytes === null || sizeBytes === master.sizeBytes) && sameVersion) return;
  throw new EncoderError("source_changed", {
    message: `${name} is no longer the master that this film is encoded from.`,
    hint: "Ingest the film again, from the master as it is now.",
  });
}

function newPath({ folder }: Room): string {
  return join(folder, randomBytes(8).toString("hex"));
}
