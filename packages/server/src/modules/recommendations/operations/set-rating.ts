import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { openAudience, suitable } from "../audience.ts";
import type { RecommendationsContext } from "../context.ts";
import { saveRating } from "../store/lists.ts";

export const setRating: Handler<"setRating", RecommendationsContext> = async (
  { params, body, principal, unit },
  context,
) => {
  const audience = await openAudience(unit, context, principal, params.profile_id);
  const { accountId, id: profileId } = audience.profile;
  const { title_id } = params;
  const [title] = await suitable(unit, context, audience, [title_id]);
  if (!title) throw new FlixError("title_not_found");
  const at = context.clock.now();
  await saveRating(unit, context, { accountId, profileId }, title_id, body.thumbs, at);
  const data = { profile_id: profileId, title_id, thumbs: body.thumbs };
  await unit.publish(context.database, { type: "rating.set", account_id: accountId, data });
  return { title_id, thumbs: body.thumbs, updated_at: at.toISOString() };
};
