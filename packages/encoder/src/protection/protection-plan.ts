import { EncoderError } from "../errors.ts";
import { type EncryptionScheme, type KeyTier, keyTiers, videoTier } from "./content-key.ts";
import type { KeySystem } from "./drm-signal.ts";
import { type Environment, keyServerSettings } from "./key-server-settings.ts";

/** What of the encryption decides the bytes of a package, but for the keys themselves. */
export interface ProtectionPlan {
  scheme: EncryptionScheme;
  /** What begins before stays clear, in whole segments, so that playback starts before the license is there. */
  clearLeadSeconds: number;
  keySystems: readonly KeySystem[];
  /** A set of the platform's that was asked for, in place of new keys. */
  keySetId?: string;
}

export interface ProtectionOptions {
  protect?: EncryptionScheme | "none" | undefined;
  clearLeadSeconds?: number | undefined;
  keySetId?: string | undefined;
}

/** Undefined where the package stays clear. */
export function planProtection(
  { protect = "none", clearLeadSeconds = 0, keySetId }: ProtectionOptions,
  env?: Environment,
): ProtectionPlan | undefined {
  if (protect === "none") {
    if (clearLeadSeconds === 0 && keySetId === undefined) return undefined;
    throw notValid(
      "Only a package that is encrypted has a clear lead or a key set.",
      "Add --protect cbcs or --protect cenc.",
    );
  }
  const server = keyServerSettings(protect, env);
  if (server && keySetId !== undefined)
    throw notValid(
      "A key set is the platform's, and FLIX_KEY_SERVER names another key server.",
      "Unset one of them.",
    );
  return {
    scheme: protect,
    clearLeadSeconds,
    keySystems: server?.keySystems ?? ["org.w3.clearkey"],
    ...(keySetId === undefined ? {} : { keySetId }),
  };
}

interface Encrypted {
  video: readonly { height: number }[];
  audio: readonly unknown[];
}

/** The tiers that a package has something of. */
export function tiersOf({ video, audio }: Encrypted): KeyTier[] {
  const found = new Set([
    ...video.map(({ height }) => videoTier(height)),
    ...audio.map(() => "audio" as const),
  ]);
  return keyTiers.filter((tier) => found.has(tier));
}

/** The tiers of a package, and those of pictures below its tallest. */
export function tiersUpTo({ video, audio }: Encrypted): KeyTier[] {
  const tallest = keyTiers.indexOf(videoTier(Math.max(0, ...video.map(({ height }) => height))));
  return keyTiers.filter((tier, place) => (tier === "audio" ? audio.length > 0 : place <= tallest));
}

function notValid(message: string, hint: string): EncoderError {
  return new EncoderError("protection_not_valid", { message, hint });
}
