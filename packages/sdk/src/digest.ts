import { FlixError } from "./errors.ts";

/** SHA-256 by Web Crypto, which browsers offer on https and on localhost only. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await webCrypto().digest("SHA-256", bytes));
}

export function webCrypto(): WebCrypto {
  // Typed as always there; on a plain http page it is not.
  const { subtle } = globalThis.crypto as { subtle?: WebCrypto };
  if (subtle) return subtle;
  throw new FlixError("insecure_context", "The browser's cryptography is off", {
    detail: "Serve the page over https, or from localhost",
  });
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Base64url without padding (RFC 7515, section 2). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

type WebCrypto = (typeof globalThis.crypto)["subtle"];
