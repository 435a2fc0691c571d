import type { components } from "@flix/openapi";
import { tiersUpTo, type CurrentPackage } from "../media/index.ts";

type Schemas = components["schemas"];
type SessionKeySystem = Schemas["SessionKeySystem"];

/** License URLs of the DRM systems whose keys a key server has. */
export type LicenseServers = Partial<Record<Schemas["KeySystem"], string>>;

export interface LicenseOptions {
  licenseServers: LicenseServers;
  fairPlayCertificateUrl: string | undefined;
}

/** What a player needs to open the package; undefined when it is not encrypted. */
export function sessionProtection(
  sessionId: string,
  { protection, renditions }: Pick<CurrentPackage, "protection" | "renditions">,
  maxHeight: number,
  options: LicenseOptions,
): Schemas["SessionProtection"] | undefined {
  if (protection === undefined) return undefined;
  const tiers = tiersUpTo(renditions, maxHeight);
  return {
    scheme: protection.scheme,
    key_ids: protection.keys.filter(({ tier }) => tiers.has(tier)).map(({ key_id }) => key_id),
    key_systems: protection.key_systems.flatMap((system) => keySystemOf(system, sessionId, options) ?? []),
  };
}

/** A system that nobody set a license server for cannot be played with, and is not offered. */
function keySystemOf(
  key_system: Schemas["KeySystem"],
  sessionId: string,
  { licenseServers, fairPlayCertificateUrl }: LicenseOptions,
): SessionKeySystem | undefined {
  if (key_system === "org.w3.clearkey")
    return { key_system, license_url: `/v1/playback-sessions/${sessionId}/license` };
  const license_url = licenseServers[key_system];
  if (license_url === undefined) return undefined;
  const certificate = key_system === "com.apple.fps" ? fairPlayCertificateUrl : undefined;
  return { key_system, license_url, ...(certificate === undefined ? {} : { certificate_url: certificate }) };
}
