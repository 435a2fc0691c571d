import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { CatalogContext } from "../context.ts";
import { recountGenres } from "../store/genres.ts";
import { hasEpisodes, lockTitle, removeTitle } from "../store/titles.ts";

export const deleteTitle: Handler<"deleteTitle", CatalogContext> = async ({ params, unit }, context) => {
  const title = await lockTitle(unit, context, params.title_id);
  if (!title) throw new FlixError("title_not_found");
  if (title.state === "published") throw new FlixError("title_published");
  if (title.kind === "series" && (await hasEpisodes(unit, context, title.id))) {
    throw new FlixError("title_has_episodes");
  }
  await removeTitle(unit, context, title.id);
  await recountGenres(unit, context, title, undefined);
  await unit.publish(context.database, {
    type: "title.deleted",
    data: { title_id: title.id, kind: title.kind },
  });
};
