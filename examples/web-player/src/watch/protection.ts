import { acquireLicense, type Client, type Output } from "@flix/sdk";

type SessionProtection = NonNullable<Output<"createPlaybackSession">["protection"]>;
export type License = Output<"acquireLicense">;

/** What an engine needs to play what is encrypted. */
export interface Protection {
  keySystems: SessionProtection["key_systems"];
  /** All keys of what the plan plays, by ClearKey. */
  license(): Promise<License>;
  /** Of a ClearKey license request that the engine sends by itself. */
  licenseHeaders(): Promise<Record<string, string>>;
}

export const clearKey = "org.w3.clearkey";

export function protectionOf(
  client: Client,
  { id, protection }: Pick<Output<"createPlaybackSession">, "id" | "protection">,
): Protection | undefined {
  if (!protection) return undefined;
  const { key_ids: keyIds, key_systems: systems } = protection;
  const keySystems = systems.map((system) => ({
    ...system,
    license_url: new URL(system.license_url, client.server).href,
  }));
  return {
    keySystems,
    license: () => acquireLicense(client, { session_id: id, body: { kids: keyIds.map(kidOf) } }),
    async licenseHeaders() {
      const authorization = await client.authorization();
      return { "content-type": "application/json", ...(authorization && { authorization }) };
    },
  };
}

/** The keys of a license in hexadecimal, each by its id. */
export function hexKeysOf({ keys }: License): Record<string, string> {
  return Object.fromEntries(keys.map(({ kid, k }) => [toHex(fromBase64Url(kid)), toHex(fromBase64Url(k))]));
}

/** The initialisation data of type `keyids` (Encrypted Media Extensions) for one key. */
export function keyIdsData(keyId: Uint8Array): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ kids: [toBase64Url(keyId)] }));
}

/** A UUID, as license requests name it. */
function kidOf(keyId: string): string {
  const hex = keyId.replaceAll("-", "");
  const bytes = Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );
  return toBase64Url(Uint8Array.from(bytes));
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
