import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { cancelled } from "../errors.ts";

const blockBytes = 1 << 20;
/** Of those that have ended. */
const blocks: Buffer[] = [];

/** SHA-256 of a file in hexadecimal, read once, into one block of memory that the next file uses again: new ones come to 70 MB before they are collected. */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path);
  const block = blocks.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
  try {
    while (true) {
      if (signal?.aborted) throw cancelled();
      const { bytesRead } = await file.read(block, 0, blockBytes);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(block.subarray(0, bytesRead));
      onBytes?.(bytesRead);
    }
  } finally {
    blocks.push(block);
    await file.close();
  }
}
