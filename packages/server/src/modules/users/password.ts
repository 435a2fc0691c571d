import * as crypto from "node:crypto";
import { randomBytes, timingSafeEqual } from "node:crypto";

/** Argon2id as OWASP asks for it: 19 MiB, 2 passes, 1 lane; about 25 ms of one core. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const maxBytes = 1024;

/** Fails at start, with what to do, where node:crypto cannot hash passwords. */
export function requireArgon2(version: string = process.version, available = "argon2" in crypto): void {
  if (available) return;
  throw new Error(
    `Passwords need Node.js 24.7 or later (node:crypto's argon2); this is ${version}. Install a newer Node.js, then start again.`,
  );
}

/** The PHC string of a new hash: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt);
  return `$argon2id$v=19$m=${parameters.memory},t=${parameters.passes},p=${parameters.parallelism}$${base64(salt)}$${base64(tag)}`;
}

/**
 * Compares in constant time. Without a hash (nobody has this email address, or no password was set) the same work is
 * done for nothing, so that the time of the answer does not tell which it was.
 */
export async function verifyPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const { salt, tag } = parse(hash ?? nobodysHash);
  const same = timingSafeEqual(await derive(password, salt), tag);
  return same && typeof hash === "string";
}

/** Whether hashing it is worth the work: more than 1024 bytes is no password. */
export function isHashable(password: string): boolean {
  return password.length > 0 && Buffer.byteLength(password) <= maxBytes;
}

const nobodysHash = `$argon2id$v=19$m=19456,t=2,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;

function derive(password: string, salt: Buffer): Promise<Buffer> {
  // The same text typed on another keyboard may arrive in another normalisation form (NIST SP 800-63B section 3.1.1.2).
  const message = password.normalize("NFKC");
  return new Promise((resolve, reject) => {
    crypto.argon2("argon2id", { ...parameters, message, nonce: salt }, (error, tag) =>
      error === null ? resolve(tag) : reject(error),
    );
  });
}

function parse(hash: string): { salt: Buffer; tag: Buffer } {
  const [, salt, tag] = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([\w+/]{22})\$([\w+/]{43})$/.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) throw new Error("A stored password hash is damaged");
  return { salt: Buffer.from(salt, "base64"), tag: Buffer.from(tag, "base64") };
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
