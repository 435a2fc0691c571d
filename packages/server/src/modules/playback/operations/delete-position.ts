import type { Handler } from "../../../kernel/handler.ts";
import type { PlaybackContext } from "../context.ts";
import { deletePosition as deleteRow } from "../store/positions.ts";
import { openViewing } from "../viewing.ts";

export const deletePosition: Handler<"deletePosition", PlaybackContext> = async (
  { params: { profile_id, title_id }, principal, headers, unit },
  context,
) => {
  const { accountId } = await openViewing(unit, context, { principal, headers, profileId: profile_id });
  await deleteRow(unit, context, { account_id: accountId, profile_id, title_id });
  return undefined;
};
