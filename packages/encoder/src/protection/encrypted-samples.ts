import { type Box, boxes } from "../package/iso-boxes.ts";
import type { TrackEncryption } from "./track-encryption.ts";

/** One sample of a media segment, where it lies, and what of it is encrypted. */
export interface StoredSample {
  data: Buffer;
  /** Null for a clear one. */
  encryption: SampleEncryption | null;
}

export interface SampleEncryption extends TrackEncryption {
  iv: Buffer;
  /** Bytes in the clear, then bytes that are encrypted, again and again to the sample's end. */
  subsamples: readonly { clear: number; encrypted: number }[];
}

/** How much of a sample nobody reads without its key. */
export function encryptedBytes(encryption: SampleEncryption | null): number {
  return (encryption?.subsamples ?? []).reduce((sum, { encrypted }) => sum + encrypted, 0);
}

/** All samples of a media segment (ISO/IEC 14496-12 section 8.8, ISO/IEC 23001-7 section 7.2). Throws a `RangeError` where boxes do not hold together. */
export function readSamples(segment: Buffer, entries: readonly (TrackEncryption | null)[]): StoredSample[] {
  const samples: StoredSample[] = [];
  let at = 0;
  for (const { type, body } of boxes(segment)) {
    // Boxes that the packager writes have headers of 8 bytes but for a mdat of 4 GB, which no segment has.
    const start = at;
    at += body.length + 8;
    if (type !== "moof") continue;
    for (const traf of boxes(body).filter((box) => box.type === "traf"))
      samples.push(...readFragment(segment, start, boxes(traf.body), entries));
  }
  return samples;
}

function readFragment(
  segment: Buffer,
  moofStart: number,
  children: readonly Box[],
  entries: readonly (TrackEncryption | null)[],
): StoredSample[] {
  const { entry, defaultSize } = readHeader(find(children, "tfhd"));
  const track = entries[entry - 1];
  if (track === undefined) throw new RangeError(`there is no sample entry ${entry}`);
  const sizes = children.flatMap(({ type, body }) => (type === "trun" ? [readRun(body, defaultSize)] : []));
  const stored = sizes.flatMap(({ dataOffset, sampleSizes }) => {
    let at = moofStart + dataOffset;
    return sampleSizes.map((size) => {
      if (at + size > segment.length) throw new RangeError("a sample goes past the end of its segment");
      at += size;
      return segment.subarray(at - size, at);
    });
  });
  if (track === null) return stored.map((data) => ({ data, encryption: null }));
  const own = readSampleIvs(find(children, "senc"), track, stored);
  return stored.map((data, index) => ({ data, encryption: { ...track, ...(own[index] ?? missing()) } }));
}

/** 8.8.7: optional fields in this order, each announced by a flag. */
function readHeader(tfhd: Buffer): { entry: number; defaultSize: number } {
  const flags = tfhd.readUInt32BE(0) & 0xff_ffff;
  let at = 8 + ((flags & 0x01) === 0 ? 0 : 8);
  const field = (mask: number, absent: number): number => {
    if ((flags & mask) === 0) return absent;
    at += 4;
    return tfhd.readUInt32BE(at - 4);
  };
  const entry = field(0x02, 1);
  field(0x08, 0);
  return { entry, defaultSize: field(0x10, 0) };
}

/** 8.8.8: a count, then for each sample the fields that the flags announce. */
function readRun(trun: Buffer, defaultSize: number): { dataOffset: number; sampleSizes: number[] } {
  const flags = trun.readUInt32BE(0) & 0xff_ffff;
  const fieldBytes = [0x100, 0x200, 0x400, 0x800].filter((mask) => (flags & mask) !== 0).length * 4;
  const sizeAt = (flags & 0x100) === 0 ? 0 : 4;
  const first = 8 + ((flags & 0x01) === 0 ? 0 : 4) + ((flags & 0x04) === 0 ? 0 : 4);
  return {
    dataOffset: (flags & 0x01) === 0 ? 0 : trun.readInt32BE(8),
    sampleSizes: Array.from({ length: trun.readUInt32BE(4) }, (_, index) =>
      (flags & 0x200) === 0 ? defaultSize : trun.readUInt32BE(first + index * fieldBytes + sizeAt),
    ),
  };
}

type Own = Pick<SampleEncryption, "iv" | "subsamples">;

function readSampleIvs(
  senc: Buffer,
  { ivBytes, constantIv }: TrackEncryption,
  stored: readonly Buffer[],
): Own[] {
  const hasSubsamples = (senc.readUInt32BE(0) & 0x02) !== 0;
  if (senc.readUInt32BE(4) !== stored.length)
    throw new RangeError("samples without a word on their encryption");
  let at = 8;
  return stored.map(({ length }) => {
    const iv = constantIv ?? senc.subarray(at, at + ivBytes);
    at += ivBytes;
    if (!hasSubsamples) return { iv, subsamples: [{ clear: 0, encrypted: length }] };
    const count = senc.readUInt16BE(at);
    at += 2;
    const subsamples = Array.from({ length: count }, (_, index) => ({
      clear: senc.readUInt16BE(at + index * 6),
      encrypted: senc.readUInt32BE(at + index * 6 + 2),
    }));
    at += count * 6;
    return { iv, subsamples };
  });
}

function find(children: readonly Box[], type: string): Buffer {
  const box = children.find((child) => child.type === type);
  if (!box) throw new RangeError(`a fragment has no ${type}`);
  return box.body;
}

function missing(): never {
  throw new RangeError("a sample has no word on its encryption");
}
