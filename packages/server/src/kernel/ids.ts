import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";

/** Prefixes of the typed ids (TypeID: prefix, `_`, a UUIDv7 in Crockford base 32). */
export type IdPrefix =
  | "acc"
  | "prf"
  | "opr"
  | "cli"
  | "ttl"
  | "ast"
  | "pkg"
  | "kst"
  | "upl"
  | "job"
  | "pbs"
  | "pln"
  | "sub"
  | "inv"
  | "evt"
  | "req";

export interface Ids {
  /** A new id of 30 characters that sorts by the millisecond of its making. */
  next(prefix: IdPrefix): string;
}

export function createIds(clock: Clock, random: (size: number) => Buffer = drawRandom): Ids {
  return { next: (prefix) => `${prefix}_${encodeBase32(uuidV7(clock.now().getTime(), random(16)))}` };
}

const pool = { bytes: Buffer.alloc(0), used: 0 };

/** Random bytes drawn 4 KiB at a time: every request gets an id, and a draw costs 1 us however small it is. */
function drawRandom(size: number): Buffer {
  if (pool.used + size > pool.bytes.length) {
    pool.bytes = randomBytes(4096);
    pool.used = 0;
  }
  pool.used += size;
  return pool.bytes.subarray(pool.used - size, pool.used);
}

/** RFC 9562 section 5.7: 48 bits of Unix time in ms, then random bits around version and variant. */
function uuidV7(unixMs: number, bytes: Buffer): Buffer {
  bytes.writeUIntBE(unixMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes;
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** All pairs of digits, so that ten bits are looked up at once: every request has an id made. */
const pairs = Array.from(
  { length: 1024 },
  (_, value) => alphabet.charAt(value >> 5) + alphabet.charAt(value & 31),
);

/** 128 bits as 26 digits of 5 bits; the first digit carries 3. */
function encodeBase32(bytes: Buffer): string {
  let text = "";
  // Bits that are read but not written yet; two zero bits in front make 130, which is 13 x 10.
  let bits = 0;
  let count = 2;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0x3ffff;
    count += 8;
    if (count < 10) continue;
    count -= 10;
    text += pairs[(bits >> count) & 1023] ?? "";
  }
  return text;
}
