import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { requireAccount } from "../../../kernel/security.ts";
import type { PlaybackContext } from "../context.ts";
import { mediaUrlsOf } from "../media-urls.ts";
import { recordProgress } from "../progress.ts";
import { lockSession, noteHeartbeat } from "../store/sessions.ts";
import { isLive } from "../streams.ts";
import { admit, openViewing } from "../viewing.ts";

/** A refused heartbeat leaves the session as it was; it falls silent, and its grant ends with it. */
export const sendHeartbeat: Handler<"sendHeartbeat", PlaybackContext> = async (
  { params, body, principal, headers, unit },
  context,
) => {
  const session = await lockSession(unit, context, requireAccount(principal).id, params.session_id);
  if (!isLive(session, context.clock.now())) throw new FlixError("playback_session_ended");
  const { account_id, id, profile_id, title_id, series_id, duration_seconds } = session;
  const viewing = await openViewing(unit, context, { principal, headers, profileId: profile_id });
  const { maxHeight } = await admit(unit, context, viewing, title_id);
  const { position_seconds } = await recordProgress(unit, context, {
    session_id: id,
    account_id,
    profile_id,
    title_id,
    series_id,
    position_seconds: body.position_seconds,
    duration_seconds,
  });
  await noteHeartbeat(unit, context, session, { state: body.state, position_seconds });
  const { baseUrl, expiresAt } = mediaUrlsOf(session, maxHeight, context);
  return { media_base_url: baseUrl, expires_at: expiresAt.toISOString() };
};
