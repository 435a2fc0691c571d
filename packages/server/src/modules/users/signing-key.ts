import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import type { Seal } from "../../kernel/sealing.ts";
import { SecretError } from "../../kernel/secret.ts";
import type { Units } from "../../kernel/unit.ts";
import type { UsersContext } from "./context.ts";
import { ensureSigningKey, replaceSealedKey } from "./store/signing-keys.ts";

export interface SigningKey {
  kid: string;
  privateJwk: JWK;
  publicJwk: JWK;
}

/**
 * The ES256 key that signs every token: made at the first start, kept encrypted. What the secret before the platform's
 * present one sealed is sealed anew, so that access tokens outlive a change of the secret.
 */
export async function loadSigningKey(
  units: Units,
  context: UsersContext,
  seal: Seal,
  previous?: Seal,
): Promise<SigningKey> {
  const { kid, private_jwk } = await units.write((unit) =>
    ensureSigningKey(unit, context, async () => {
      const { privateKey } = await generateKeyPair("ES256", { extractable: true });
      const jwk = await exportJWK(privateKey);
      const made = await calculateJwkThumbprint(jwk);
      return { kid: made, private_jwk: seal.seal({ ...jwk, kid: made, alg: "ES256", use: "sig" }, made) };
    }),
  );
  const opened = previous && openQuietly(previous, private_jwk, kid);
  if (opened !== undefined)
    await units.write((unit) => replaceSealedKey(unit, context, kid, seal.seal(opened, kid)));
  const privateJwk = parseJwk(opened ?? openKey(seal, private_jwk, kid));
  const { d: _private, ...publicJwk } = privateJwk;
  return { kid, privateJwk, publicJwk };
}

function openQuietly(seal: Seal, sealed: Buffer, kid: string): unknown {
  try {
    return seal.open(sealed, kid);
  } catch {
    return undefined;
  }
}

/** Two machines on one database that each made a secret of their own meet here. */
function openKey(seal: Seal, sealed: Buffer, kid: string): unknown {
  try {
    return seal.open(sealed, kid);
  } catch (cause) {
    throw new SecretError(
      "The database was written with another secret: set FLIX_SECRET to that one, which the first start kept in the file `secret` of its data folder; to replace it, set FLIX_PREVIOUS_SECRET to it",
      { cause },
    );
  }
}

function parseJwk(value: unknown): JWK {
  if (isEllipticJwk(value)) return value;
  throw new Error("The stored signing key is damaged: it is not an elliptic curve JWK");
}

function isEllipticJwk(value: unknown): value is JWK {
  return typeof value === "object" && value !== null && "kty" in value && value.kty === "EC";
}
