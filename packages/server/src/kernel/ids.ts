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

export function createIds(clock: Clock, random: (size: number) => Buffer = randomBytes): Ids {
  return { next: (prefix) => `${prefix}_${encodeBase32(uuidV7(clock.now().getTime(), random(16)))}` };
}

/** RFC 9562 section 5.7: 48 bits of Unix time in ms, then random bits around version and variant. */
function uuidV7(unixMs: number, bytes: Buffer): Buffer {
  bytes.writeUIntBE(unixMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes;
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** 128 bits as 26 digits of 5 bits; the first digit carries 3. */
function encodeBase32(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (let digit = 0; digit < 26; digit += 1) {
    text = alphabet.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}
