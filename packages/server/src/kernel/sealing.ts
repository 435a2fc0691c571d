import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { deriveKey } from "./secret.ts";

/** Keeps values of one kind unreadable in the database and its dumps. */
export interface Seal {
  /** Tells seals of different secrets apart, and nothing of the secret: kept beside what has to be sealed anew under another. */
  readonly name: string;
  /** AES-256-GCM: 12 bytes nonce, 16 bytes tag, ciphertext. It opens only for the same `owner`. */
  seal(value: unknown, owner: string): Buffer;
  open(sealed: Buffer, owner: string): unknown;
  /** A keyed hash to look a bearer secret up by. */
  hash(value: string): Buffer;
}

export function createSeal(secret: Buffer, use: string): Seal {
  const sealingKey = deriveKey(secret, `${use} seal`);
  const hashingKey = deriveKey(secret, `${use} hash`);
  return {
    name: deriveKey(secret, `${use} name`).toString("hex", 0, 8),
    seal(value, owner) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealingKey, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, owner): unknown {
      const decipher = createDecipheriv("aes-256-gcm", sealingKey, sealed.subarray(0, 12));
      decipher.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(12, 28));
      const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
      return JSON.parse(text.toString("utf8"));
    },
    hash: (value) => createHmac("sha256", hashingKey).update(value).digest(),
  };
}
