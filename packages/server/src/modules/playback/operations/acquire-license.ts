import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { requireAccount } from "../../../kernel/security.ts";
import type { PlaybackContext } from "../context.ts";
import { licenseOf } from "../license.ts";
import { findOwnSession } from "../store/sessions.ts";
import { isLive } from "../streams.ts";
import { admit, openViewing } from "../viewing.ts";

/** What a heartbeat checks is checked here too: a key is told to who may watch now, not to who might when the session began. */
export const acquireLicense: Handler<"acquireLicense", PlaybackContext> = async (
  { params, body, principal, headers, unit },
  context,
) => {
  const session = await findOwnSession(unit, context, requireAccount(principal).id, params.session_id);
  if (!isLive(session, context.clock.now())) throw new FlixError("playback_session_ended");
  const viewing = await openViewing(unit, context, { principal, headers, profileId: session.profile_id });
  const { maxHeight } = await admit(unit, context, viewing, session.title_id);
  const { title_id: titleId, package_digest: digest } = session;
  const keys = await context.media.packageKeys(unit, { titleId, digest });
  if (keys === undefined) throw new FlixError("package_not_protected");
  return licenseOf(keys, maxHeight, body.kids);
};
