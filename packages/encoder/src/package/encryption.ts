import type { Plan } from "../plan/plan.ts";
import { type ContentKey, keyIdBytes, type KeyTier, videoTier } from "../protection/content-key.ts";
import type { ContentKeys } from "../protection/key-server.ts";
import type { ProtectionPlan } from "../protection/protection-plan.ts";
import { layout } from "./layout.ts";

/** The field of a stream's descriptor that says which key encrypts it. */
export function keyField(protection: ProtectionPlan | undefined, tier: KeyTier): Record<string, string> {
  return protection ? { drm_label: tier } : {};
}

/** Of subtitles, which no player decrypts. */
export function clearField(protection: ProtectionPlan | undefined): Record<string, string> {
  return protection ? { skip_encryption: "1" } : {};
}

/** The keys are not among them: whoever is on the machine reads the arguments of every process. */
export function encryptionArguments(protection: ProtectionPlan | undefined): string[] {
  if (!protection) return [];
  return [
    "--enable_raw_key_encryption",
    `--protection_scheme=${protection.scheme}`,
    `--clear_lead=${protection.clearLeadSeconds}`,
    // It would name all keys in every track; each track gets the boxes of its own key afterwards.
    "--mp4_include_pssh_in_stream=false",
  ];
}

/**
 * What the packager is told in private. It draws an IV for each track where none is given: one IV of two tracks under one key
 * would, with AES-CTR, give away what they differ in.
 */
export function keysFlag(keys: readonly ContentKey[]): string {
  const list = keys.map(({ tier, keyId, key, iv }) =>
    [
      `label=${tier}`,
      `key_id=${keyIdBytes(keyId).toString("hex")}`,
      `key=${key.toString("hex")}`,
      ...(iv ? [`iv=${iv.toString("hex")}`] : []),
    ].join(":"),
  );
  return `--keys=${list.join(",")}`;
}

/** What of a package is encrypted, and with which key. */
export interface EncryptedTrack {
  id: string;
  keyId: string;
  /** Of HLS. */
  playlists: readonly string[];
}

export function encryptedTracks(
  { video, audio }: Pick<Plan, "video" | "audio">,
  { keys }: Pick<ContentKeys, "keys">,
): EncryptedTrack[] {
  const keyIds = new Map(keys.map(({ tier, keyId }) => [tier, keyId]));
  const keyIdFor = (tier: KeyTier): string => keyIds.get(tier) ?? "";
  return [
    ...video.map(({ id, height }) => ({
      id,
      keyId: keyIdFor(videoTier(height)),
      playlists: [layout.playlist(id), layout.iframes(id)],
    })),
    ...audio.map(({ id }) => ({ id, keyId: keyIdFor("audio"), playlists: [layout.playlist(id)] })),
  ];
}
