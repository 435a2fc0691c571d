import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { openAudience } from "../audience.ts";
import type { RecommendationsContext } from "../context.ts";
import { listRatingsOf } from "../store/lists.ts";

export const listRatings: Handler<"listRatings", RecommendationsContext> = async (
  { params, query, principal, unit },
  context,
) => {
  const { profile } = await openAudience(unit, context, principal, params.profile_id);
  const [at, titleId] = decodeCursor(query.cursor, ["time", "string"] as const) ?? [];
  const after = at === undefined || titleId === undefined ? undefined : { at, titleId };
  const key = { accountId: profile.accountId, profileId: profile.id };
  const rows = await listRatingsOf(unit, context, key, after, pageLimit(query.page_size));
  return pageOf(
    rows,
    query.page_size,
    ({ title_id, thumbs, updated_at }) => ({ title_id, thumbs, updated_at: updated_at.toISOString() }),
    ({ updated_at, title_id }) => [updated_at, title_id],
  );
};
