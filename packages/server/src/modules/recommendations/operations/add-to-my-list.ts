import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { openAudience, suitable } from "../audience.ts";
import type { RecommendationsContext } from "../context.ts";
import { addToList, countList } from "../store/lists.ts";

const capacity = 1000;

export const addToMyList: Handler<"addToMyList", RecommendationsContext> = async (
  { params, principal, unit },
  context,
) => {
  const audience = await openAudience(unit, context, principal, params.profile_id);
  const key = { accountId: audience.profile.accountId, profileId: audience.profile.id };
  const [title] = await suitable(unit, context, audience, [params.title_id]);
  if (!title) throw new FlixError("title_not_found");
  const addedAt = await addToList(unit, context, key, title.id, context.clock.now());
  // Counted afterwards: what was on the list already must not be refused when it is full.
  if ((await countList(unit, context, key)) > capacity) throw new FlixError("my_list_full");
  return { title, added_at: addedAt.toISOString() };
};
