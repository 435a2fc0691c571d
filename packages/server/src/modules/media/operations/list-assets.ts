import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import * as store from "../store/assets.ts";
import { requireTitle } from "../titles.ts";
import { toAsset } from "../to-asset.ts";

export const listAssets: Handler<"listAssets", MediaContext> = async ({ params, query, unit }, context) => {
  const before = decodeCursor(query.cursor, ["string"] as const)?.[0];
  await requireTitle(unit, context, params.title_id);
  const filters = { titleId: params.title_id, kind: query.kind };
  const rows = await store.listAssets(unit, context, filters, { before, limit: pageLimit(query.page_size) });
  return pageOf(rows, query.page_size, toAsset, ({ id }) => [id]);
};
