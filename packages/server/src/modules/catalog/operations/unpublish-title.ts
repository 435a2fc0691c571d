import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { CatalogContext } from "../context.ts";
import { recountGenres } from "../store/genres.ts";
import { changeTitle, lockTitle } from "../store/titles.ts";
import { toTitle } from "../to-title.ts";

/** A draft was never shown, and stays a draft. */
export const unpublishTitle: Handler<"unpublishTitle", CatalogContext> = async (
  { params, unit },
  context,
) => {
  const title = await lockTitle(unit, context, params.title_id);
  if (!title) throw new FlixError("title_not_found");
  if (title.state !== "published") return toTitle(title);
  const row = await changeTitle(unit, context, title.id, { state: "unpublished" });
  await recountGenres(unit, context, title, row);
  await unit.publish(context.database, {
    type: "title.unpublished",
    data: { title_id: row.id, kind: row.kind },
  });
  return toTitle(row);
};
