import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { CatalogContext } from "../context.ts";
import { recountGenres } from "../store/genres.ts";
import { changeTitle, lockTitle } from "../store/titles.ts";
import { toTitle } from "../to-title.ts";

/** A title that comes back keeps the time at which it was first published: it is not new. */
export const publishTitle: Handler<"publishTitle", CatalogContext> = async ({ params, unit }, context) => {
  const title = await lockTitle(unit, context, params.title_id);
  if (!title) throw new FlixError("title_not_found");
  if (title.state === "published") return toTitle(title);
  if (title.kind !== "series" && title.current_package_id === null) throw new FlixError("title_not_playable");
  const row = await changeTitle(unit, context, title.id, {
    state: "published",
    published_at: title.published_at ?? context.clock.now(),
  });
  await recountGenres(unit, context, title, row);
  await unit.publish(context.database, {
    type: "title.published",
    data: { title_id: row.id, kind: row.kind },
  });
  return toTitle(row);
};
