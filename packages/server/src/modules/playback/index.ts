import type { components } from "@flix/openapi";
import type { Module } from "../../kernel/module.ts";
import type { Unit } from "../../kernel/unit.ts";
import type { Grant } from "./grant.ts";

export type { Grant } from "./grant.ts";
export type ContinueWatchingItem = components["schemas"]["ContinueWatchingItem"];

/** The playback module, as other modules see it. */
export interface Playback {
  module: Module;
  /** Reads the grant of a media URL; throws `media_grant_not_valid` or `media_grant_expired`. Asks no database. */
  openGrant(token: string): Grant;
  /** Whether a session has neither ended nor been silent for too long: its grant opens nothing afterwards. */
  isStreaming(unit: Unit, sessionId: string): Promise<boolean>;
  /** The first titles of continue watching, in the order of the operation. */
  continueWatching(
    unit: Unit,
    query: { accountId: string; profileId: string; limit: number; language?: string | undefined },
  ): Promise<ContinueWatchingItem[]>;
}
