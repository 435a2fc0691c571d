import { open } from "node:fs/promises";
import { findBox } from "../package/iso-boxes.ts";

export interface ChunkFrames {
  count: number;
  /** Of the frames alone, without the container. */
  bytes: number;
  beginsWithKeyFrame: boolean;
}

/** Counts the frames of an MP4 with one video track by its sample tables (ISO/IEC 14496-12, 8.6 and 8.7); nothing is decoded. 0 where it has none. */
export async function readChunkFrames(path: string): Promise<ChunkFrames> {
  const moov = await readMoov(path);
  const table = moov && findBox(moov, ["trak", "mdia", "minf", "stbl"]);
  const sizes = table && findBox(table, ["stsz"]);
  if (!sizes) return { count: 0, bytes: 0, beginsWithKeyFrame: false };
  const sync = findBox(table, ["stss"]);
  // Without the table every frame is one.
  const beginsWithKeyFrame = sync === null || sync.readUInt32BE(8) === 1;
  return { count: sizes.readUInt32BE(8), bytes: sumOfSizes(sizes), beginsWithKeyFrame };
}

/** One size for all, or one for each. */
function sumOfSizes(table: Buffer): number {
  const [shared, count] = [table.readUInt32BE(4), table.readUInt32BE(8)];
  if (shared > 0) return shared * count;
  let bytes = 0;
  for (let index = 0; index < count; index += 1) bytes += table.readUInt32BE(12 + index * 4);
  return bytes;
}

/** The tables lie behind the pictures, which are skipped. */
async function readMoov(path: string): Promise<Buffer | null> {
  const file = await open(path);
  try {
    const { size: end } = await file.stat();
    const header = Buffer.alloc(16);
    for (let at = 0; at + 8 <= end;) {
      await file.read(header, 0, 16, at);
      const short = header.readUInt32BE(0);
      const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short || end - at;
      if (header.toString("latin1", 4, 8) === "moov") {
        const { buffer } = await file.read(Buffer.alloc(size - 8), 0, size - 8, at + 8);
        return buffer;
      }
      if (size < 8) return null;
      at += size;
    }
    return null;
  } finally {
    await file.close();
  }
}
