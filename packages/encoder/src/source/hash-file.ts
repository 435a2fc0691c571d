import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { cancelled } from "../errors.ts";

/** SHA-256 of a file in hexadecimal, read once with bounded memory. */
export async function hashFile(
  path: string,
  signal?: AbortSignal,
  onBytes?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (signal?.aborted) throw cancelled();
    hash.update(chunk);
    onBytes?.(chunk.length);
  }
  return hash.digest("hex");
}
