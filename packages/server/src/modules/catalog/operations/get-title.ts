import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { audienceOf } from "../audience.ts";
import { isVisible } from "../availability.ts";
import type { CatalogContext } from "../context.ts";
import { findTitle } from "../store/titles.ts";
import { toTitle } from "../to-title.ts";

export const getTitle: Handler<"getTitle", CatalogContext> = async (
  { params, query, principal, unit },
  context,
) => {
  const row = await findTitle(unit, context, params.title_id);
  if (!row) throw new FlixError("title_not_found");
  const audience = audienceOf(principal, context);
  if (audience.sees === "what is visible" && !isVisible(row, audience)) {
    throw new FlixError("title_not_found");
  }
  return toTitle(row, query.language);
};
