import type { Handler } from "../../../kernel/handler.ts";
import { requireAccount } from "../../../kernel/security.ts";
import type { PlaybackContext } from "../context.ts";
import { recordProgress } from "../progress.ts";
import { publishStopped } from "../session-events.ts";
import { endSessions, lockSession } from "../store/sessions.ts";
import { isLive } from "../streams.ts";

export const stopPlaybackSession: Handler<"stopPlaybackSession", PlaybackContext> = async (
  { params, body, principal, unit },
  context,
) => {
  const { id: accountId } = requireAccount(principal);
  const session = await lockSession(unit, context, accountId, params.session_id);
  const { id: sessionId, profile_id, title_id, series_id, duration_seconds } = session;
  const wasLive = isLive(session, context.clock.now());
  const [ended] = await endSessions(unit, context, { accountId, sessionId });
  if (!ended) return undefined;
  // A stop that comes after the session has ended must not move back what another device has watched since.
  if (wasLive && body.position_seconds !== undefined) {
    const { position_seconds } = await recordProgress(unit, context, {
      session_id: sessionId,
      account_id: accountId,
      profile_id,
      title_id,
      series_id,
      position_seconds: body.position_seconds,
      duration_seconds,
    });
    ended.position_seconds = position_seconds;
  }
  await publishStopped(unit, context, [ended]);
  return undefined;
};
