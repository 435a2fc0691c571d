import type { ContentKey, EncryptionScheme } from "./content-key.ts";

/**
 * A DASH-IF CPIX 2.3 document, as far as SPEKE v2 uses it: the same shape asks a key server and carries its answer. What is
 * asked for stands there empty, and comes back filled.
 */
export interface Cpix {
  contentId: string;
  keys: CpixKey[];
  drmSystems: CpixDrmSystem[];
  usageRules: CpixUsageRule[];
}

export interface CpixKey {
  keyId: string;
  scheme: EncryptionScheme;
  key?: Buffer;
  iv?: Buffer;
}

/** Each field is absent where it is not asked for, and empty where it is. */
export interface CpixDrmSystem {
  keyId: string;
  systemId: string;
  pssh?: Buffer;
  /** XML. */
  contentProtection?: string;
  hlsMedia?: string;
  hlsMaster?: string;
}

export interface CpixUsageRule {
  keyId: string;
  intendedTrackType: string;
  filter: { type: "video"; minPixels?: number; maxPixels?: number } | { type: "audio" };
}

/** What a key is for, in the terms of CPIX: pixels of 16:9 where tiers count lines, as in SPEKE's own presets. */
export function usageRule({ keyId, tier }: Pick<ContentKey, "keyId" | "tier">): CpixUsageRule {
  const intendedTrackType = tier.toUpperCase();
  switch (tier) {
    case "sd":
      return { keyId, intendedTrackType, filter: { type: "video", maxPixels: 589_824 } };
    case "hd":
      return {
        keyId,
        intendedTrackType,
        filter: { type: "video", minPixels: 589_825, maxPixels: 2_073_600 },
      };
    case "uhd":
      return { keyId, intendedTrackType, filter: { type: "video", minPixels: 2_073_601 } };
    case "audio":
      return { keyId, intendedTrackType, filter: { type: "audio" } };
    default:
      return tier satisfies never;
  }
}
