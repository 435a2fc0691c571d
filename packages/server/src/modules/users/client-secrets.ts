import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A secret of 256 random bits; the prefix lets scanners of leaked secrets know it. */
export function newClientSecret(): string {
  return `fxs_${randomBytes(32).toString("base64url")}`;
}

/** A fast hash is enough: nobody can guess 256 random bits. */
export function hashClientSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

export function isClientSecret(secret: string, hash: Buffer): boolean {
  return timingSafeEqual(hashClientSecret(secret), hash);
}
