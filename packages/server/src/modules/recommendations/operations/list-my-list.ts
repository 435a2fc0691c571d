import { decodeCursor, encodeCursor, pageLimit } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { openAudience, suitable } from "../audience.ts";
import type { RecommendationsContext } from "../context.ts";
import { readList } from "../store/lists.ts";

/** Entries that the profile may not watch now are left out after the page is read, so a page may be short. */
export const listMyList: Handler<"listMyList", RecommendationsContext> = async (
  { params, query, principal, unit },
  context,
) => {
  const audience = await openAudience(unit, context, principal, params.profile_id);
  const { accountId, id: profileId } = audience.profile;
  const [at, titleId] = decodeCursor(query.cursor, ["time", "string"] as const) ?? [];
  const after = at === undefined || titleId === undefined ? undefined : { at, titleId };
  const limit = pageLimit(query.page_size);
  const rows = await readList(unit, context, { accountId, profileId }, after, limit);
  const entries = rows.slice(0, limit - 1);
  const added = new Map(entries.map(({ title_id, added_at }) => [title_id, added_at.toISOString()]));
  const titles = await suitable(unit, context, audience, [...added.keys()]);
  const data = titles.map((title) => ({ title, added_at: added.get(title.id) ?? "" }));
  const last = entries.at(-1);
  if (rows.length < limit || !last) return { data };
  return { data, next_cursor: encodeCursor([last.added_at, last.title_id]) };
};
