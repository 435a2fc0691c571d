import { isAbsolute, join, resolve } from "node:path";
import { EncoderError } from "../errors.ts";
import { withRetry } from "../source/remote/retry.ts";
import type { SourceAccess } from "../source/remote/source-access.ts";
import { packChunk } from "./chunk-archive.ts";
import { openStoreBucket, parseBucketLocation } from "./bucket-location.ts";
import type { Blob, OwnBlob } from "./blob.ts";
import { fileBlob } from "./file-blob.ts";
import { signedBlob } from "./signed-blob.ts";
import { unpackChunk } from "./unpack-chunk.ts";

/**
 * Where finished chunks wait for the stitch, on whatever machine they were made. A chunk is all the files of a folder; it is there whole or not at
 * all. What is there under a key is never replaced: its key says what it is.
 */
export interface ChunkStore {
  has(key: string, signal?: AbortSignal): Promise<boolean>;
  /** All files of the folder. Does nothing where the chunk is there already. */
  put(key: string, folder: string, signal?: AbortSignal): Promise<void>;
  /** The folder appears with all files in it. False where there is no such chunk; a damaged one is removed first. */
  get(key: string, folder: string, signal?: AbortSignal): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Lets whoever has it do the first three with this one chunk for a while; plain data that fits in a message. */
  grant(key: string, seconds: number): Promise<ChunkGrant>;
}

export type ChunkGrant =
  | { kind: "folder"; folder: string }
  /** Addresses that hold their own signature, instead of keys of a bucket. */
  | { kind: "signed"; getUrl: string; putUrl: string };

/** One chunk of a store, as a worker has it. */
export interface GrantedChunk {
  has(signal?: AbortSignal): Promise<boolean>;
  put(folder: string, signal?: AbortSignal): Promise<void>;
  get(folder: string, signal?: AbortSignal): Promise<boolean>;
}

/** A folder that all machines see, or a bucket (bucket-location.ts). */
export async function openChunkStore(location: string, access: SourceAccess): Promise<ChunkStore> {
  const bucket = parseBucketLocation(location);
  if (!bucket) {
    const folder = resolve(location, "chunks");
    return storeOf(
      (key) => fileBlob(pathIn(folder, key)),
      access,
      async () => ({ kind: "folder", folder }),
    );
  }
  const [opened, { bucketBlob }] = await Promise.all([
    openStoreBucket(bucket, access),
    import("./bucket-blob.ts"),
  ]);
  const name = (key: string): string => `${bucket.prefix}chunks/${archiveName(key)}`;
  return storeOf(
    (key) => bucketBlob(opened, name(key), access),
    access,
    async (key, seconds) => {
      const [getUrl, putUrl] = await Promise.all([
        opened.signGet(name(key), seconds),
        opened.signPut(name(key), seconds),
      ]);
      return { kind: "signed", getUrl, putUrl };
    },
  );
}

export function openChunkGrant(grant: ChunkGrant, key: string, access: SourceAccess): GrantedChunk {
  if (grant.kind === "signed") return grantedChunk(signedBlob(grant, access), access);
  if (isAbsolute(grant.folder)) return grantedChunk(fileBlob(pathIn(grant.folder, key)), access);
  throw new EncoderError("store_not_valid", {
    message: "The task's store of chunks has no whole path.",
    hint: "Update this worker: the task is of another version.",
  });
}

function storeOf(
  blobOf: (key: string) => OwnBlob,
  { patience }: SourceAccess,
  grant: ChunkStore["grant"],
): ChunkStore {
  const remove = (key: string): Promise<void> => withRetry(() => blobOf(key).remove(), { patience });
  return {
    has: (key, signal) => withRetry(() => blobOf(key).exists(signal), { patience, signal }),
    put: (key, folder, signal) => putChunk(blobOf(key), folder, { patience, signal }),
    async get(key, folder, signal) {
      const found = await getChunk(blobOf(key), folder, { patience, signal });
      // What is there is never replaced, so it has to go before it can be made anew.
      if (found === "damaged") await remove(key);
      return found === "whole";
    },
    delete: remove,
    grant,
  };
}

function grantedChunk(blob: Blob, { patience }: SourceAccess): GrantedChunk {
  return {
    has: (signal) => withRetry(() => blob.exists(signal), { patience, signal }),
    put: (folder, signal) => putChunk(blob, folder, { patience, signal }),
    get: async (folder, signal) => (await getChunk(blob, folder, { patience, signal })) === "whole",
  };
}

interface Patiently {
  patience: SourceAccess["patience"];
  signal: AbortSignal | undefined;
}

async function putChunk(blob: Blob, folder: string, options: Patiently): Promise<void> {
  const archive = await packChunk(folder, options.signal);
  await withRetry(() => blob.write(archive, options.signal), options);
}

async function getChunk(
  blob: Blob,
  folder: string,
  options: Patiently,
): Promise<"whole" | "damaged" | "missing"> {
  return withRetry(async () => {
    const bytes = await blob.read(options.signal);
    if (bytes === null) return "missing";
    return (await unpackChunk(bytes, folder, options.signal)) ? "whole" : "damaged";
  }, options);
}

function pathIn(folder: string, key: string): string {
  return join(folder, archiveName(key));
}

/** A key becomes a name in a folder and in an address. */
function archiveName(key: string): string {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(key)) return `${key}.tar`;
  throw new RangeError("a chunk's key is letters, digits, _ and -");
}
