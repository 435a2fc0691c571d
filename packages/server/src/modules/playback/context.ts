import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Kernel } from "../../kernel/module.ts";
import { deriveKey } from "../../kernel/secret.ts";
import type { Database } from "../../kernel/unit.ts";
import type { Billing } from "../billing/index.ts";
import type { Catalog } from "../catalog/index.ts";
import type { Media } from "../media/index.ts";
import type { Users } from "../users/index.ts";
import { createGrants, type Grants } from "./grant.ts";
import type { LicenseServers } from "./session-protection.ts";
import type { PlaybackTables } from "./tables.ts";

/** What the module's operations work with. */
export interface PlaybackContext {
  database: Database<PlaybackTables>;
  clock: Clock;
  ids: Ids;
  grants: Grants;
  users: Pick<Users, "getViewer" | "getProfile">;
  catalog: Pick<Catalog, "getTitle" | "getTitles" | "isVisible" | "nextEpisode">;
  media: Pick<Media, "currentPackage" | "markersOf" | "packageKeys">;
  billing: Pick<Billing, "entitlementOf">;
  territoryHeader: string | undefined;
  licenseServers: LicenseServers;
  fairPlayCertificateUrl: string | undefined;
}

export type PlaybackFaces = Pick<PlaybackContext, "users" | "catalog" | "media" | "billing">;

export interface PlaybackOptions {
  /**
   * A header with the viewer's country (ISO 3166-1 alpha-2), such as `cf-ipcountry`. Only where a proxy sets it on every
   * request: whoever else reaches the server could write any country. Without it the account's country counts.
   */
  territoryHeader?: string | undefined;
  /** Of the DRM systems beside ClearKey, whose licenses are not the platform's to give. */
  licenseServers?: LicenseServers;
  fairPlayCertificateUrl?: string | undefined;
}

export function createContext(
  kernel: Kernel,
  faces: PlaybackFaces,
  options: PlaybackOptions,
): PlaybackContext {
  return {
    database: kernel.database<PlaybackTables>("playback"),
    clock: kernel.clock,
    ids: kernel.ids,
    grants: createGrants(deriveKey(kernel.secret, "media grants"), () => kernel.clock.now()),
    ...faces,
    territoryHeader: options.territoryHeader?.toLowerCase(),
    licenseServers: options.licenseServers ?? {},
    fairPlayCertificateUrl: options.fairPlayCertificateUrl,
  };
}
