import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { PlaybackContext } from "../context.ts";
import { recordProgress } from "../progress.ts";
import { toPosition } from "../to-position.ts";
import { openViewing } from "../viewing.ts";

export const setPosition: Handler<"setPosition", PlaybackContext> = async (
  { params: { profile_id, title_id }, body, principal, headers, unit },
  context,
) => {
  const { accountId, viewpoint } = await openViewing(unit, context, {
    principal,
    headers,
    profileId: profile_id,
  });
  const title = await context.catalog.getTitle(unit, title_id);
  if (title === undefined || !context.catalog.isVisible(title, viewpoint))
    throw new FlixError("title_not_available");
  if (!title.playable || title.duration_seconds === undefined) throw new FlixError("title_not_playable");
  const row = await recordProgress(unit, context, {
    account_id: accountId,
    profile_id,
    title_id,
    series_id: title.episode?.series_id ?? null,
    position_seconds: body.position_seconds,
    duration_seconds: title.duration_seconds,
  });
  return toPosition(row);
};
