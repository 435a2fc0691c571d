import { decodeCursor, encodeCursor, pageLimit } from "../../../kernel/cursors.ts";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { hasScope, type Principal } from "../../../kernel/security.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { Title } from "../../catalog/index.ts";
import { mayWatch, openAudience } from "../audience.ts";
import type { RecommendationsContext } from "../context.ts";
import { readSimilar } from "../similar.ts";

/** The whole list is short and learned anew now and then, so a cursor is a place in it. */
export const listSimilarTitles: Handler<"listSimilarTitles", RecommendationsContext> = async (
  { params, query, principal, unit },
  context,
) => {
  const { shows, viewpoint, language } = await openView(unit, context, principal, query.profile_id);
  const title = await context.catalog.getTitle(unit, params.title_id, language);
  if (!title || !shows(title)) throw new FlixError("title_not_found");
  const similar = await readSimilar(unit, context, { title, viewpoint, language, shows });
  const [start = 0] = decodeCursor(query.cursor, ["number"]) ?? [];
  const end = start + pageLimit(query.page_size) - 1;
  const data = similar.slice(start, end);
  return end < similar.length ? { data, next_cursor: encodeCursor([end]) } : { data };
};

/** Staff see every title; a viewer what the account, or the profile that it names, may watch. */
async function openView(
  unit: Unit,
  context: RecommendationsContext,
  principal: Principal,
  profileId: string | undefined,
) {
  const { catalog, clock, users } = context;
  if (profileId !== undefined) {
    const audience = await openAudience(unit, context, principal, profileId);
    const { profile, viewpoint } = audience;
    return {
      viewpoint,
      language: profile.language,
      shows: (title: Title) => mayWatch(context, audience, title),
    };
  }
  const viewer = principal.kind === "account" ? await users.getViewer(unit, principal.id) : undefined;
  const viewpoint = { territory: viewer?.country ?? "US", at: clock.now() };
  const all = hasScope(principal, "catalog:write");
  return {
    viewpoint,
    language: viewer?.language,
    shows: (title: Title) => all || catalog.isVisible(title, viewpoint),
  };
}
