import type { SparseFile } from "./sparse-file.ts";

/** Of a day at 60 frames a second with its sound; a larger one is no index. */
const maxIndexBytes = 512 << 20;
const maxBoxes = 64;

/**
 * Fetches everything of an MP4 or MOV but the media itself (ISO/IEC 14496-12: `moov` may lie before or after it), by walking from box to box. False
 * where the index does not lie in one place: a fragmented file has a part of it before each piece of media.
 */
export async function readIsoIndex(file: SparseFile): Promise<boolean> {
  let [at, found] = [0, false];
  for (let count = 0; at < file.sizeBytes; count += 1) {
    if (count === maxBoxes) return false;
    const header = await file.read(at, 16);
    if (header.length < 8) break;
    const type = header.toString("latin1", 4, 8);
    const size = sizeOf(header, file.sizeBytes - at);
    if (type === "moof" || size < 8 || !/^[\x20-\x7e]{4}$/.test(type)) return false;
    if (type !== "mdat") {
      if (size > maxIndexBytes) return false;
      await file.fetch([{ start: at, end: at + size }]);
      found ||= type === "moov";
    }
    at += size;
  }
  return found;
}

function sizeOf(header: Buffer, left: number): number {
  const short = header.readUInt32BE(0);
  if (short === 0) return left;
  if (short !== 1) return short;
  return header.length < 16 ? 0 : Number(header.readBigUInt64BE(8));
}
