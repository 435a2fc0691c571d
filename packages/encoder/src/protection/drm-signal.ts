import { psshBox } from "./pssh.ts";
import { type EncryptionScheme, keyIdBytes } from "./content-key.ts";

/** As Encrypted Media Extensions name them. */
export const keySystems = [
  "org.w3.clearkey",
  "com.widevine.alpha",
  "com.microsoft.playready",
  "com.apple.fps",
] as const;
export type KeySystem = (typeof keySystems)[number];

/** As DASH-IF registers them. ClearKey is signalled by the common system of W3C, whose box is nothing but key ids. */
export const systemIds: Record<KeySystem, string> = {
  "org.w3.clearkey": "1077efec-c0b2-4d02-ace3-3c1e52e2fb4b",
  "com.widevine.alpha": "edef8ba9-79d6-4ace-a3c8-27dcd51d21ed",
  "com.microsoft.playready": "9a04f079-9840-4286-ab92-e65be0885f95",
  "com.apple.fps": "94ce86fb-07ff-4f43-adb8-93d2fa968ca2",
};

/** What players of one DRM system have to be told of one key. */
export interface DrmSignal {
  systemId: string;
  keyId: string;
  /** A whole `pssh` box, for init segments and the MPD. */
  pssh?: Buffer;
  /** XML inside the system's `ContentProtection` in place of the box alone. */
  contentProtection?: string;
  /** `EXT-X-KEY` lines of media playlists. */
  hlsMedia?: string;
  /** `EXT-X-SESSION-KEY` lines of the master playlist. */
  hlsMaster?: string;
}

/**
 * How ClearKey is signalled. HLS has no format of its own for it; this is the one that hls.js reads, where the URI holds the
 * key id. The packager's own line says `identity`, by which the URI would hold the key.
 */
export function clearKeySignal(keyId: string, scheme: EncryptionScheme): DrmSignal {
  const id = keyIdBytes(keyId);
  const attributes = [
    `METHOD=${scheme === "cenc" ? "SAMPLE-AES-CTR" : "SAMPLE-AES"}`,
    `URI="data:text/plain;base64,${id.toString("base64")}"`,
    `KEYID=0x${id.toString("hex")}`,
    'KEYFORMAT="org.w3.clearkey"',
    'KEYFORMATVERSIONS="1"',
  ];
  const systemId = systemIds["org.w3.clearkey"];
  return {
    systemId,
    keyId,
    pssh: psshBox(systemId, [keyId]),
    hlsMedia: `#EXT-X-KEY:${attributes.join(",")}`,
  };
}
