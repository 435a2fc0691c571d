import { FlixError } from "../../../kernel/errors.ts";
import { requireMatch } from "../../../kernel/etags.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { CatalogContext } from "../context.ts";
import { recountGenres } from "../store/genres.ts";
import { lockTitle, replaceFields } from "../store/titles.ts";
import { changedFields, checkPlace } from "../title-fields.ts";
import { toTitle } from "../to-title.ts";

export const updateTitle: Handler<"updateTitle", CatalogContext> = async (
  { params, body, ifMatch, unit },
  context,
) => {
  const before = await lockTitle(unit, context, params.title_id);
  if (!before) throw new FlixError("title_not_found");
  requireMatch(ifMatch, before.version);
  const fields = changedFields(before, body);
  if (body.episode !== undefined) await checkPlace(unit, context, before, fields);
  const row = await replaceFields(unit, context, before.id, fields);
  await recountGenres(unit, context, before, row);
  return toTitle(row);
};
