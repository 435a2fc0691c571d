import type { Readable } from "node:stream";
import type { ByteRange, RangeSpec } from "./range.ts";

export interface ObjectInfo {
  key: string;
  sizeBytes: number;
}

export interface PutOptions {
  contentType: string;
  signal?: AbortSignal;
}

export interface JoinOptions {
  contentType: string;
  /** Of the whole, in hexadecimal. */
  sha256: string;
}

/** What the bytes of an object are to be. */
export interface ObjectFacts {
  sizeBytes: number;
  /** In hexadecimal. */
  sha256: string;
}

export interface GrantOptions extends ObjectFacts {
  contentType: string;
  /** For how long it holds. */
  seconds: number;
}

/** One of the parts that an object is to be made of, counted from 1. */
export interface PartFacts extends ObjectFacts {
  number: number;
}

/** What names an object that is not whole yet. */
export interface OpenObject {
  key: string;
  id: string;
}

/** Objects that the store makes of parts which may not pass this process. It checks each by its digest, and keeps it until the object is made. */
export interface Multiparts {
  /** Undefined where the store does not refuse other bytes than those granted, or takes fewer parts. */
  begin(key: string, options: { contentType: string; partCount: number }): Promise<string | undefined>;
  grant(object: OpenObject, part: PartFacts, seconds: number): Promise<Grant>;
  /** False when the object is no longer open. */
  put(object: OpenObject, number: number, bytes: Buffer): Promise<boolean>;
  /** The parts with these numbers that are there; undefined when the object is no longer open. */
  list(
    object: OpenObject,
    range: { from: number; to: number },
  ): Promise<Map<number, ObjectFacts> | undefined>;
  /**
   * Makes the object of these parts. "gone" when it is no longer open: it was made, or given up. Where the parts are not these, nothing is made,
   * and the numbers of the others are answered. The whole is still to be verified: a store knows no digest of it.
   */
  make(object: OpenObject, parts: readonly PartFacts[]): Promise<"made" | "gone" | { lost: number[] }>;
  giveUp(object: OpenObject): Promise<void>;
}

/** A PUT of the bytes to `url`, with these headers, writes the object; their length is signed too. */
export interface Grant {
  url: string;
  headers: Record<string, string>;
}

export type Opened =
  | { state: "open"; sizeBytes: number; range: ByteRange; body: Readable }
  /** There is nothing of the object in the range. */
  | { state: "outside"; sizeBytes: number };

/**
 * Where media, artwork and exports are kept: immutable objects under keys such as `titles/<id>/<digest>/video/1.m4s`. A store that
 * cannot be reached, or no longer lets us in, is the problem `unavailable`; one that is full is `no_space`.
 */
export interface Objects {
  /** Writes an object whole or not at all, whatever its size, in bounded memory. One that is there is replaced only by the same bytes. */
  put(key: string, body: Buffer | Readable, options: PutOptions): Promise<ObjectInfo>;
  /**
   * Makes one object of others, in their order; they stay. False, and nothing is written, when together they do not have the digest.
   * Throws when one is not there.
   */
  join(key: string, sources: readonly ObjectInfo[], options: JoinOptions): Promise<boolean>;
  /**
   * Lets who holds it write these bytes, and no others, to the store without passing this process; undefined where the store takes
   * nothing from others, or does not refuse other bytes.
   */
  grantPut(key: string, options: GrantOptions): Promise<Grant | undefined>;
  /** Undefined where the store makes no objects of parts. */
  multiparts?: Multiparts;
  /** Whether an object is what it should be, by the digest that the store keeps of it, or else by reading it. */
  verify(key: string, facts: ObjectFacts): Promise<"same" | "other" | "none">;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Undefined when it is not there. The body holds a connection or a file until it is read to its end or destroyed. */
  open(key: string, range?: RangeSpec): Promise<Opened | undefined>;
  /** Every object whose key begins with `prefix` and a slash, in any order. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Gives an object a second name, without moving its bytes through this process; false when it is not there or the store cannot. */
  link(key: string, name: string): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Removes every object whose key begins with `prefix` and a slash. */
  deleteUnder(prefix: string): Promise<void>;
  /** Removes what is left of writes that began before then and never ended; those of `multiparts` with these ids go on. */
  sweep(begunBefore: Date, open?: ReadonlySet<string>): Promise<void>;
  /** Throws when the store does not answer, or is not ours to use. */
  check(): Promise<void>;
}
