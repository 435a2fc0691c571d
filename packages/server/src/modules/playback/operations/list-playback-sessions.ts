import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { requireAccount } from "../../../kernel/security.ts";
import type { PlaybackContext } from "../context.ts";
import { selectLiveSessions } from "../store/sessions.ts";
import { toActiveSession } from "../to-session.ts";

export const listPlaybackSessions: Handler<"listPlaybackSessions", PlaybackContext> = async (
  { query, principal, unit },
  context,
) => {
  const [beforeId] = decodeCursor(query.cursor, ["string"] as const) ?? [];
  const rows = await selectLiveSessions(unit, context, {
    accountId: requireAccount(principal).id,
    beforeId,
    limit: pageLimit(query.page_size),
  });
  return pageOf(rows, query.page_size, toActiveSession, ({ id }) => [id]);
};
