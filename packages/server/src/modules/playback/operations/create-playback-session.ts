import type { Handler } from "../../../kernel/handler.ts";
import type { Unit } from "../../../kernel/unit.ts";
import { requirePlayable, topHeightOf } from "../admission.ts";
import type { PlaybackContext } from "../context.ts";
import { mediaUrlsOf } from "../media-urls.ts";
import { nextFor } from "../next-episode.ts";
import { creditsStartOf, resumePosition } from "../resume.ts";
import { sessionProtection } from "../session-protection.ts";
import { publishStarted, publishStopped } from "../session-events.ts";
import { findPosition } from "../store/positions.ts";
import { endSessions, insertSession, lockAccount, selectOpenSessions } from "../store/sessions.ts";
import { requireStream } from "../streams.ts";
import type { SessionRow } from "../tables.ts";
import { toPlaybackSession } from "../to-session.ts";
import { admit, openViewing } from "../viewing.ts";

export const createPlaybackSession: Handler<"createPlaybackSession", PlaybackContext> = async (
  { body, principal, headers, unit },
  context,
) => {
  const viewing = await openViewing(unit, context, { principal, headers, profileId: body.profile_id });
  const { title, maxStreams, maxHeight } = await admit(unit, context, viewing, body.title_id);
  const current = requirePlayable(await context.media.currentPackage(unit, title.id), maxHeight);
  const { accountId, profile } = viewing;
  await takeStream(unit, context, { accountId, deviceId: body.device.id, maxStreams });

  const now = context.clock.now();
  const key = { account_id: accountId, profile_id: profile.id, title_id: title.id };
  const stored = await findPosition(unit, context, key);
  const { durationSeconds } = current;
  const markers =
    (await context.media.markersOf(unit, [{ id: title.id, durationSeconds }])).get(title.id) ?? [];
  const creditsStartSeconds = creditsStartOf(markers);
  const session: SessionRow = {
    ...key,
    id: context.ids.next("pbs"),
    series_id: title.episode?.series_id ?? null,
    device_id: body.device.id,
    device_name: body.device.name ?? null,
    device_kind: body.device.kind,
    package_digest: current.digest,
    hls_path: current.hlsPath,
    top_height: topHeightOf(current) ?? null,
    duration_seconds: durationSeconds,
    state: "playing",
    position_seconds: resumePosition(
      stored && { positionSeconds: stored.position_seconds, durationSeconds, creditsStartSeconds },
    ),
    started_at: now,
    last_heartbeat_at: now,
    ended_at: null,
  };
  await insertSession(unit, context, session);
  const { territory } = viewing.viewpoint;
  await publishStarted(unit, context, session, { title: title.title, territory });
  const urls = mediaUrlsOf(session, maxHeight, context);
  const next = await nextFor(unit, context, viewing, title);
  const protection = sessionProtection(session.id, current, maxHeight, context);
  return toPlaybackSession({ session, urls, current, maxHeight, protection, markers, next });
};

/** Ends what the device played before and what has fallen silent, then takes one of the plan's streams. */
async function takeStream(
  unit: Unit,
  context: PlaybackContext,
  { accountId, deviceId, maxStreams }: { accountId: string; deviceId: string; maxStreams: number },
): Promise<void> {
  await lockAccount(unit, context, accountId);
  const silent = await endSessions(unit, context, { accountId, silent: true });
  const replaced = await endSessions(unit, context, { accountId, deviceId });
  await publishStopped(unit, context, [...silent, ...replaced]);
  requireStream(await selectOpenSessions(unit, context, accountId), maxStreams);
}
