import type { Handler } from "../../../kernel/handler.ts";
import type { CatalogContext } from "../context.ts";
import { nameGenre } from "../store/genres.ts";

export const setGenre: Handler<"setGenre", CatalogContext> = async ({ params, body, unit }, context) =>
  nameGenre(unit, context, params.genre_slug, body.names);
