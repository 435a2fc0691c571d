import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { PlaybackContext } from "../context.ts";
import { readContinueWatching } from "../continue-watching.ts";
import type { LatestCursor } from "../store/positions.ts";
import { openViewing } from "../viewing.ts";

export const listContinueWatching: Handler<"listContinueWatching", PlaybackContext> = async (
  { params, query, principal, headers, unit },
  context,
) => {
  const viewing = await openViewing(unit, context, { principal, headers, profileId: params.profile_id });
  const entries = await readContinueWatching(unit, context, {
    viewing,
    after: placeOf(query.cursor),
    limit: pageLimit(query.page_size),
  });
  return pageOf(
    entries,
    query.page_size,
    ({ item }) => item,
    ({ place }) => [place.updated_at.getTime(), place.title_id],
  );
};

function placeOf(cursor: string | undefined): LatestCursor | undefined {
  const values = decodeCursor(cursor, ["number", "string"] as const);
  if (values === undefined) return undefined;
  const [time, title_id] = values;
  // A number that is no time of ours would be an error in PostgreSQL.
  const updated_at = new Date(Math.min(Math.max(0, time), latestTime));
  return { updated_at, title_id };
}

const latestTime = Date.UTC(9999, 11, 31);
