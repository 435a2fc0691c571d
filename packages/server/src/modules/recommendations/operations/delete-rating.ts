import type { Handler } from "../../../kernel/handler.ts";
import { openAudience } from "../audience.ts";
import type { RecommendationsContext } from "../context.ts";
import { deleteRatingOf } from "../store/lists.ts";

export const deleteRating: Handler<"deleteRating", RecommendationsContext> = async (
  { params, principal, unit },
  context,
) => {
  const { profile } = await openAudience(unit, context, principal, params.profile_id);
  await deleteRatingOf(
    unit,
    context,
    { accountId: profile.accountId, profileId: profile.id },
    params.title_id,
  );
  return undefined;
};
