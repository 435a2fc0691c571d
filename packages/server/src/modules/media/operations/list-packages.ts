import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import * as store from "../store/packages.ts";
import { requireTitle } from "../titles.ts";
import { toPackage } from "../to-package.ts";

export const listPackages: Handler<"listPackages", MediaContext> = async (
  { params, query, unit },
  context,
) => {
  const before = decodeCursor(query.cursor, ["string"] as const)?.[0];
  await requireTitle(unit, context, params.title_id);
  const filters = { titleId: params.title_id, state: query.state };
  const rows = await store.listPackages(unit, context, filters, {
    before,
    limit: pageLimit(query.page_size),
  });
  return pageOf(rows, query.page_size, toPackage, ({ id }) => [id]);
};
