import { pageLimit, pageOf } from "../../../kernel/cursors.ts";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler, Request } from "../../../kernel/handler.ts";
import { audienceOf, type Audience } from "../audience.ts";
import type { CatalogContext } from "../context.ts";
import * as store from "../store/lists.ts";
import { toTitle } from "../to-title.ts";

export const listTitles: Handler<"listTitles", CatalogContext> = async (
  { query, principal, unit },
  context,
) => {
  const { q, kind, state, genre, year, language, page_size, cursor } = query;
  const audience = audienceOf(principal, context);
  if (state !== undefined && audience.sees !== "everything") {
    throw new FlixError("insufficient_scope", { detail: "Filtering by state needs catalog:write." });
  }
  const filters = { audience, kinds: kind && [kind], state, genre, year };
  const page = { cursor, limit: pageLimit(page_size) };
  if (q !== undefined) {
    const found = await store.searchTitles(unit, context, q, filters, page);
    return pageOf(found, page_size, (row) => toTitle(row, language), store.searchCursor);
  }
  const order = orderOf(query.sort, audience);
  const rows = await store.listTitles(unit, context, filters, order, page);
  return pageOf(rows, page_size, (row) => toTitle(row, language), order.cursor);
};

function orderOf(sort: Request<"listTitles">["query"]["sort"], audience: Audience): store.TitleOrder {
  if (sort === "title") return store.titleOrders.title;
  if (sort === "release_year") return store.titleOrders.releaseYear;
  return audience.sees === "everything" ? store.titleOrders.created : store.titleOrders.published;
}
