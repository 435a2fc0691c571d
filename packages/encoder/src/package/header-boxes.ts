import { open } from "node:fs/promises";

/**
 * A file's boxes (ISO/IEC 14496-12) one after the other, but for the pictures and sound in `mdat`: kilobytes of a segment's megabytes. Throws a
 * RangeError where a box goes past the end of the file.
 */
export async function readHeaderBoxes(path: string): Promise<{ bytes: Buffer; sizeBytes: number }> {
  const file = await open(path);
  try {
    const { size: sizeBytes } = await file.stat();
    const header = Buffer.alloc(16);
    const kept: Buffer[] = [];
    for (let at = 0; at + 8 <= sizeBytes;) {
      const { bytesRead } = await file.read(header, 0, 16, at);
      const short = header.readUInt32BE(0);
      const isLong = short === 1 && bytesRead === 16;
      const size = isLong ? Number(header.readBigUInt64BE(8)) : short || sizeBytes - at;
      if (size < (isLong ? 16 : 8) || at + size > sizeBytes)
        throw new RangeError("a box goes past the end of the file");
      if (header.toString("latin1", 4, 8) !== "mdat") {
        const { buffer } = await file.read(Buffer.alloc(size), 0, size, at);
        kept.push(buffer);
      }
      at += size;
    }
    return { bytes: Buffer.concat(kept), sizeBytes };
  } finally {
    await file.close();
  }
}
