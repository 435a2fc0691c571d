import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ObjectChecksum } from "./remote-source.ts";

interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

export interface ChecksumReader {
  update(bytes: Buffer): void;
  /** Whether all the bytes were the object's. */
  matches(): boolean;
}

/** Computes what S3 promises of an object, over its bytes in order. */
export function createChecksumReader(checksum: ObjectChecksum): ChecksumReader {
  const { base64, partBytes } = checksum;
  const start = (): Digest => startDigest(checksum.algorithm);
  if (partBytes === null || partBytes < 1) {
    const digest = start();
    return {
      update: (bytes) => digest.update(bytes),
      matches: () => digest.digest().toString("base64") === base64,
    };
  }
  // Of a multipart upload: the checksum of the parts' checksums.
  const whole = start();
  let [part, left] = [start(), partBytes];
  return {
    update(bytes) {
      let rest = bytes;
      while (rest.length > 0) {
        const taken = rest.subarray(0, left);
        part.update(taken);
        left -= taken.length;
        rest = rest.subarray(taken.length);
        if (left > 0) continue;
        whole.update(part.digest());
        [part, left] = [start(), partBytes];
      }
    },
    matches() {
      if (left < partBytes) whole.update(part.digest());
      return whole.digest().toString("base64") === base64;
    },
  };
}

function startDigest(algorithm: ObjectChecksum["algorithm"]): Digest {
  switch (algorithm) {
    case "sha256":
    case "sha1":
      return createHash(algorithm);
    case "crc32": {
      let value = 0;
      return { update: (bytes) => (value = crc32(bytes, value)), digest: () => uint32(value) };
    }
    case "crc32c":
      return crc(0x82f63b78n, 32);
    case "crc64nvme":
      return crc(0x9a6c9329ac4bc9b5n, 64);
  }
}

/** A reflected CRC with all bits set before and after, by bytes; halves of 32 bits, for numbers are faster than bigints by far. */
function crc(polynomial: bigint, bits: 32 | 64): Digest {
  const [low, high] = tablesOf(polynomial);
  let [lo, hi] = [0xffffffff, bits === 64 ? 0xffffffff : 0];
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = (lo ^ byte) & 0xff;
        lo = ((lo >>> 8) | (hi << 24)) ^ (low[index] ?? 0);
        hi = (hi >>> 8) ^ (high[index] ?? 0);
      }
    },
    digest: () => (bits === 64 ? Buffer.concat([uint32(~hi), uint32(~lo)]) : uint32(~lo)),
  };
}

function tablesOf(polynomial: bigint): [low: Int32Array, high: Int32Array] {
  const [low, high] = [new Int32Array(256), new Int32Array(256)];
  for (let index = 0; index < 256; index += 1) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    low[index] = Number(BigInt.asIntN(32, value));
    high[index] = Number(BigInt.asIntN(32, value >> 32n));
  }
  return [low, high];
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
