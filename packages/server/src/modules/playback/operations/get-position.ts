import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { PlaybackContext } from "../context.ts";
import { findPosition } from "../store/positions.ts";
import { toPosition } from "../to-position.ts";
import { openViewing } from "../viewing.ts";

export const getPosition: Handler<"getPosition", PlaybackContext> = async (
  { params: { profile_id, title_id }, principal, headers, unit },
  context,
) => {
  const { accountId } = await openViewing(unit, context, { principal, headers, profileId: profile_id });
  const row = await findPosition(unit, context, { account_id: accountId, profile_id, title_id });
  if (!row) throw new FlixError("position_not_found");
  return toPosition(row);
};
