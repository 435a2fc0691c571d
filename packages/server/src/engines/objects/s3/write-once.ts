import type { Bucket } from "./bucket.ts";
import { isCutOff, statusOf } from "./faults.ts";
import { headObject } from "./read.ts";

/** What is larger is not sent before a look whether it is there. */
export const lookFirstBytes = 64 * 1024;

/**
 * Writes where nothing has the name. What has it already are the same bytes, written by somebody else or by a try whose
 * answer was lost, and stays as it is; unless its size says that it is broken. False when it stayed.
 */
export async function writeOnce(
  bucket: Bucket,
  { key, sizeBytes }: { key: string; sizeBytes: number },
  write: (condition: { IfNoneMatch?: "*" }) => Promise<unknown>,
): Promise<boolean> {
  const isThere = async () => {
    const found = await headObject(bucket, key);
    return found === undefined ? undefined : found.sizeBytes === sizeBytes;
  };
  const before = sizeBytes > lookFirstBytes ? await isThere() : undefined;
  if (before === true) return false;
  try {
    await write(before === undefined ? { IfNoneMatch: "*" } : {});
    return true;
  } catch (error) {
    if (!mayBeTaken(error)) throw error;
  }
  if ((await isThere()) === true) return false;
  await write({});
  return true;
}

/**
 * Taken (412), being taken (409), taken by our own first try (NoSuchUpload), or a store without conditional writes (501). One that
 * answers 412 before it has read a large body may hang up so soon that the answer is lost.
 */
function mayBeTaken(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return [409, 412, 501].includes(status) || nameOf(error) === "NoSuchUpload" || isCutOff(error);
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
