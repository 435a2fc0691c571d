import { createDecipheriv } from "node:crypto";
import type { SampleEncryption } from "./encrypted-samples.ts";

/** The sample in the clear (ISO/IEC 23001-7 sections 9 and 10), written apart from what encrypted it, to check that. */
export function decryptSample(data: Buffer, encryption: SampleEncryption, key: Buffer): Buffer {
  switch (encryption.scheme) {
    case "cenc":
      return decryptCtr(data, encryption, key);
    case "cbcs":
      return decryptPattern(data, encryption, key);
    default:
      throw new RangeError(`the scheme ${encryption.scheme} is not known`);
  }
}

/** One key stream runs through all encrypted bytes of the sample, whatever lies in the clear between them. */
function decryptCtr(data: Buffer, { iv, subsamples }: SampleEncryption, key: Buffer): Buffer {
  const counter = Buffer.alloc(16);
  iv.copy(counter);
  const cipher = createDecipheriv("aes-128-ctr", key, counter);
  return mapEncrypted(data, subsamples, (bytes) => cipher.update(bytes));
}

/** Each run of encrypted bytes begins with the IV anew; a chain runs through the blocks that the pattern picks, and the rest is clear. */
function decryptPattern(data: Buffer, encryption: SampleEncryption, key: Buffer): Buffer {
  const { iv, subsamples } = encryption;
  return mapEncrypted(data, subsamples, (bytes) => {
    const cipher = createDecipheriv("aes-128-cbc", key, iv).setAutoPadding(false);
    const clear = Buffer.from(bytes);
    for (const { start, end } of pickedRuns(bytes.length, encryption))
      cipher.update(bytes.subarray(start, end)).copy(clear, start);
    return clear;
  });
}

function* pickedRuns(
  length: number,
  { cryptBlocks, skipBlocks }: SampleEncryption,
): Generator<{ start: number; end: number }> {
  const whole = length - (length % 16);
  if (cryptBlocks === 0) return yield { start: 0, end: whole };
  const step = (cryptBlocks + skipBlocks) * 16;
  for (let start = 0; start + 16 <= whole; start += step)
    yield { start, end: Math.min(start + cryptBlocks * 16, whole) };
}

function mapEncrypted(
  data: Buffer,
  subsamples: SampleEncryption["subsamples"],
  decrypt: (bytes: Buffer) => Buffer,
): Buffer {
  const clear = Buffer.from(data);
  let at = 0;
  for (const { clear: skipped, encrypted } of subsamples) {
    at += skipped + encrypted;
    if (at > data.length) throw new RangeError("a sample is shorter than what is said to be encrypted of it");
    decrypt(data.subarray(at - encrypted, at)).copy(clear, at - encrypted);
  }
  return clear;
}
