import type { Readable } from "node:stream";
import type { RemoteAddress } from "./master-address.ts";

/** A master on another machine, as it was when it was opened. */
export interface RemoteSource {
  /** For people: without what grants access. */
  name: string;
  filename: string;
  /** The same for every signature of one address; of this process only, for it holds what grants access. */
  identity: string;
  /** Null where the server tells it only by ending. */
  sizeBytes: number | null;
  /** Another one means other bytes (an ETag and the like); null where the server has none. */
  version: string | null;
  /** Ranges of this very version can be asked for. */
  resumable: boolean;
  checksum: ObjectChecksum | null;
  /**
   * Opens the bytes from `start` to before `end`. Throws `Interrupted` where another attempt may help, and `source_changed` once these bytes are gone.
   */
  read(range: ByteRange | { start: number; end: null }, signal: AbortSignal): Promise<Readable>;
}

/** Where a copy on this disk came from, and as which version of it. */
export interface MasterOrigin {
  address: RemoteAddress;
  version: string | null;
}

/** From `start` to before `end`. */
export interface ByteRange {
  start: number;
  end: number;
}

export const checksumAlgorithms = ["sha256", "sha1", "crc64nvme", "crc32c", "crc32"] as const;

/** What the store knows of the object's bytes. */
export interface ObjectChecksum {
  algorithm: (typeof checksumAlgorithms)[number];
  base64: string;
  /** Of the parts that it is a checksum of checksums of; null where it is of all the bytes. */
  partBytes: number | null;
}
