export const keyTiers = ["sd", "hd", "uhd", "audio"] as const;
/** What a key opens; each tier has a key of its own, so that a plan that stops at a height never holds what lies above it. */
export type KeyTier = (typeof keyTiers)[number];

export const encryptionSchemes = ["cenc", "cbcs"] as const;
/** ISO/IEC 23001-7: `cenc` is AES-CTR over whole samples, `cbcs` AES-CBC in a pattern, which is what Apple's devices play. */
export type EncryptionScheme = (typeof encryptionSchemes)[number];

export interface ContentKey {
  /** A UUID in lower case, as `default_KID` in manifests. */
  keyId: string;
  tier: KeyTier;
  /** 16 bytes: AES-128. */
  key: Buffer;
  /** 16 bytes, where the key server fixes it; FairPlay delivers it beside the key. The packager draws one otherwise. */
  iv?: Buffer;
}

/** SD ends at 576 lines and HD at 1080, however wide the picture is. */
export function videoTier(height: number): KeyTier {
  if (height <= 576) return "sd";
  return height <= 1080 ? "hd" : "uhd";
}

export function keyIdBytes(keyId: string): Buffer {
  return Buffer.from(keyId.replaceAll("-", ""), "hex");
}

export function keyIdOf(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
