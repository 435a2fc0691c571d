import type { Readable } from "node:stream";

export interface ObjectInfo {
  key: string;
  sizeBytes: number;
  /** The file's time of change; objects are written once, so it is the time of writing. */
  modifiedAt: Date;
}

/** Where media, artwork and exports are kept: immutable objects under keys such as `titles/<id>/<digest>/video/1.m4s`. */
export interface Objects {
  /** Writes an object whole or not at all. An object that is there is replaced only by the same bytes. */
  put(
    key: string,
    body: Buffer | Readable,
    options: { contentType: string; signal?: AbortSignal },
  ): Promise<ObjectInfo>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Reads from `start` up to and including `end`. */
  read(key: string, range?: { start: number; end: number }): Readable;
  /** Gives an object a second name without moving its bytes; false when it is not there or the store cannot. */
  link(key: string, name: string): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Removes every object whose key begins with `prefix` and a slash. */
  deleteUnder(prefix: string): Promise<void>;
  /** Throws when nothing can be written. */
  check(): Promise<void>;
}
