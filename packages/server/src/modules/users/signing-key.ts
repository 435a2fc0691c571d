import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { SecretError } from "../../kernel/secret.ts";
import type { Units } from "../../kernel/unit.ts";
import type { UsersContext } from "./context.ts";
import type { Seal } from "./sealing.ts";
import { ensureSigningKey } from "./store/signing-keys.ts";

export interface SigningKey {
  kid: string;
  privateJwk: JWK;
  publicJwk: JWK;
}

/** The ES256 key that signs every token: made at the first start, kept encrypted. */
export async function loadSigningKey(units: Units, context: UsersContext, seal: Seal): Promise<SigningKey> {
  const { kid, private_jwk } = await units.write((unit) =>
    ensureSigningKey(unit, context, async () => {
      const { privateKey } = await generateKeyPair("ES256", { extractable: true });
      const jwk = await exportJWK(privateKey);
      const made = await calculateJwkThumbprint(jwk);
      return { kid: made, private_jwk: seal.seal({ ...jwk, kid: made, alg: "ES256", use: "sig" }, made) };
    }),
  );
  const privateJwk = parseJwk(openKey(seal, private_jwk, kid));
  const { d: _private, ...publicJwk } = privateJwk;
  return { kid, privateJwk, publicJwk };
}

/** Two machines on one database that each made a secret of their own meet here. */
function openKey(seal: Seal, sealed: Buffer, kid: string): unknown {
  try {
    return seal.open(sealed, kid);
  } catch (cause) {
    throw new SecretError(
      "The database was written with another secret: set FLIX_SECRET to that one, which the first start kept in the file `secret` of its data folder",
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
