import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
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
  const privateJwk = parseJwk(seal.open(private_jwk, kid));
  const { d: _private, ...publicJwk } = privateJwk;
  return { kid, privateJwk, publicJwk };
}

function parseJwk(value: unknown): JWK {
  if (isEllipticJwk(value)) return value;
  throw new Error("The stored signing key is damaged: it is not an elliptic curve JWK");
}

function isEllipticJwk(value: unknown): value is JWK {
  return typeof value === "object" && value !== null && "kty" in value && value.kty === "EC";
}
