import { createHash } from "node:crypto";
import type { Plan } from "./plan.ts";

/**
 * The contract's EncodeKey: the same master and the same plan. The programs' versions are left out, unlike in the work folder's key: a new
 * ffmpeg is no reason to encode a whole catalogue again.
 */
export function encodeKey(sourceSha256: string, plan: Plan): string {
  return createHash("sha256").update(JSON.stringify({ sourceSha256, plan })).digest("hex");
}
