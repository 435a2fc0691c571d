import type { ContentKey, EncryptionScheme, KeyTier } from "./content-key.ts";
import type { DrmSignal, KeySystem } from "./drm-signal.ts";

/** Where content keys come from: the platform itself, or a DRM vendor's server that speaks SPEKE. */
export interface KeyServer {
  /** What its keys are for, such as a title; nothing that is encrypted for one is of use to another. */
  readonly contentId: string;
  contentKeys(request: KeyRequest): Promise<ContentKeys>;
}

export interface KeyRequest {
  scheme: EncryptionScheme;
  tiers: readonly KeyTier[];
  /** Of the encode; an encode that goes on after an interruption gets its keys again. */
  encodeKey: string;
  signal?: AbortSignal | undefined;
}

/** What a package is encrypted with, and what its manifests say of it. */
export interface ContentKeys {
  scheme: EncryptionScheme;
  /** One a tier. */
  keys: readonly ContentKey[];
  signals: readonly DrmSignal[];
  /** The DRM systems that can open the package. */
  keySystems: readonly KeySystem[];
  /** Of the platform's own keys. */
  keySetId?: string;
}
