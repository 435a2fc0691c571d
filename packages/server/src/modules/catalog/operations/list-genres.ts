import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { CatalogContext } from "../context.ts";
import * as store from "../store/genres.ts";

export const listGenres: Handler<"listGenres", CatalogContext> = async ({ query, unit }, context) => {
  const after = decodeCursor(query.cursor, ["string"] as const)?.[0];
  const rows = await store.listGenres(unit, context, after, pageLimit(query.page_size));
  return pageOf(
    rows,
    query.page_size,
    (row) => row,
    (row) => [row.slug],
  );
};
