import { defineModule, type Kernel, type Module } from "../../kernel/module.ts";
import type { Unit } from "../../kernel/unit.ts";
import { createContext, type PlaybackFaces, type PlaybackOptions } from "./context.ts";
import { readContinueWatching, type ContinueWatchingItem } from "./continue-watching.ts";
import type { Grant } from "./grant.ts";
import { createJobs } from "./jobs.ts";
import { createListeners } from "./listeners.ts";
import { acquireLicense } from "./operations/acquire-license.ts";
import { createPlaybackSession } from "./operations/create-playback-session.ts";
import { deletePosition } from "./operations/delete-position.ts";
import { getPosition } from "./operations/get-position.ts";
import { listContinueWatching } from "./operations/list-continue-watching.ts";
import { listPlaybackSessions } from "./operations/list-playback-sessions.ts";
import { sendHeartbeat } from "./operations/send-heartbeat.ts";
import { setPosition } from "./operations/set-position.ts";
import { stopPlaybackSession } from "./operations/stop-playback-session.ts";
import { findSession } from "./store/sessions.ts";
import { isLive } from "./streams.ts";
import { viewpointOf } from "./viewing.ts";

export type { ContinueWatchingItem } from "./continue-watching.ts";
export type { Grant } from "./grant.ts";

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

export function createPlayback(
  kernel: Kernel,
  faces: PlaybackFaces,
  options: PlaybackOptions = {},
): Playback {
  const context = createContext(kernel, faces, options);
  return {
    module: defineModule(
      "playback",
      context,
      {
        acquireLicense,
        createPlaybackSession,
        listPlaybackSessions,
        sendHeartbeat,
        stopPlaybackSession,
        getPosition,
        setPosition,
        deletePosition,
        listContinueWatching,
      },
      { listeners: createListeners(context), jobs: createJobs(context) },
    ),
    openGrant: (token) => context.grants.open(token),
    async isStreaming(unit, sessionId) {
      const session = await findSession(unit, context, sessionId);
      return session !== undefined && isLive(session, context.clock.now());
    },
    async continueWatching(unit, { accountId, profileId, limit, language }) {
      const profile = await context.users.getProfile(unit, profileId);
      if (profile?.accountId !== accountId) return [];
      const viewing = { accountId, profile, viewpoint: await viewpointOf(unit, context, accountId) };
      const entries = await readContinueWatching(unit, context, { viewing, language, limit });
      return entries.map(({ item }) => item);
    },
  };
}
