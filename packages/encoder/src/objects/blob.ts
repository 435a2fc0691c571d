import type { ChunkArchive } from "./chunk-archive.ts";

/** One object of bytes. What may pass is thrown as `Interrupted`. */
export interface Blob {
  exists(signal?: AbortSignal): Promise<boolean>;
  /** Whole or not at all; leaves alone what is there. */
  write(archive: ChunkArchive, signal?: AbortSignal): Promise<void>;
  /** Null where there is none. */
  read(signal?: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
}

export interface OwnBlob extends Blob {
  remove(): Promise<void>;
}
