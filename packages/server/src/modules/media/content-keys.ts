import { randomBytes, randomUUID } from "node:crypto";
import { SecretError } from "../../kernel/secret.ts";
import type { Seal } from "../../kernel/sealing.ts";
import type { KeyTier } from "./key-tiers.ts";

export interface ContentKey {
  keyId: string;
  tier: KeyTier;
  /** 16 bytes: AES-128. */
  key: Buffer;
}

/** As it stands in the database; the owner of the seal is the key's id, so that no row can stand in for another. */
export interface SealedKey {
  key_id: string;
  tier: KeyTier;
  sealed_key: Buffer;
  sealed_by: string;
}

/** The seal of the platform's secret first, then that of the secret before it, while it is told. */
export type KeySeals = readonly [Seal, ...Seal[]];

export function newContentKey(tier: KeyTier): ContentKey {
  return { keyId: randomUUID(), tier, key: randomBytes(16) };
}

export function sealKey([current]: KeySeals, { keyId, tier, key }: ContentKey): SealedKey {
  const sealed_key = current.seal(key.toString("base64"), keyId);
  return { key_id: keyId, tier, sealed_key, sealed_by: current.name };
}

export function openKey(seals: KeySeals, { key_id, tier, sealed_key, sealed_by }: SealedKey): ContentKey {
  const seal = seals.find(({ name }) => name === sealed_by);
  if (!seal) {
    throw new SecretError(
      "Content keys were sealed with another secret: set FLIX_PREVIOUS_SECRET to that one until they are sealed anew",
    );
  }
  const key = Buffer.from(String(seal.open(sealed_key, key_id)), "base64");
  return { keyId: key_id, tier, key };
}
