import { boxes, findBox } from "../package/iso-boxes.ts";
import { keyIdOf } from "./content-key.ts";

/** How a track is encrypted, from the `sinf` of a sample entry (ISO/IEC 14496-12 section 8.12, ISO/IEC 23001-7 section 8.2). */
export interface TrackEncryption {
  scheme: string;
  keyId: string;
  /** 0 where all samples have the constant one. */
  ivBytes: number;
  constantIv: Buffer | undefined;
  /** In blocks of 16 bytes; 0 and 0 where whole samples are encrypted. */
  cryptBlocks: number;
  skipBlocks: number;
}

/** Of each sample entry of a track, in their order; null for one that is clear. Throws a `RangeError` for what is no init segment. */
export function readSampleEntries(init: Buffer): (TrackEncryption | null)[] {
  const stsd = findBox(init, ["moov", "trak", "mdia", "minf", "stbl", "stsd"]);
  if (!stsd) throw new RangeError("there is no sample description");
  return boxes(stsd.subarray(8)).map(({ type, body }) => {
    const fields = fixedFields[type];
    return fields === undefined ? null : readProtection(body.subarray(fields));
  });
}

/** The systems of the `pssh` boxes of an init segment. */
export function readPsshSystems(init: Buffer): string[] {
  const movie = findBox(init, ["moov"]) ?? Buffer.alloc(0);
  return boxes(movie).flatMap(({ type, body }) => (type === "pssh" ? keyIdOf(body.subarray(4, 20)) : []));
}

/** Before the boxes of an encrypted sample entry, of pictures, of sound and of text. */
const fixedFields: Readonly<Record<string, number>> = { encv: 78, enca: 28, enct: 8 };

function readProtection(children: Buffer): TrackEncryption {
  const schm = findBox(children, ["sinf", "schm"]);
  const tenc = findBox(children, ["sinf", "schi", "tenc"]);
  if (!schm || !tenc || tenc.length < 24) throw new RangeError("an encrypted track has no tenc");
  const pattern = tenc.readUInt8(0) === 0 ? 0 : tenc.readUInt8(5);
  const ivBytes = tenc.readUInt8(7);
  return {
    scheme: schm.toString("latin1", 4, 8),
    keyId: keyIdOf(tenc.subarray(8, 24)),
    ivBytes,
    constantIv: ivBytes === 0 ? tenc.subarray(25, 25 + tenc.readUInt8(24)) : undefined,
    cryptBlocks: pattern >> 4,
    skipBlocks: pattern & 0x0f,
  };
}
