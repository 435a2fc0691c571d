import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { MediaContext } from "../context.ts";
import * as store from "../store/key-sets.ts";
import { requireTitle } from "../titles.ts";
import { toKeySet } from "../to-key-set.ts";

export const listKeySets: Handler<"listKeySets", MediaContext> = async ({ params, query, unit }, context) => {
  const before = decodeCursor(query.cursor, ["string"] as const)?.[0];
  await requireTitle(unit, context, params.title_id);
  const rows = await store.listKeySets(unit, context, params.title_id, {
    before,
    limit: pageLimit(query.page_size),
  });
  return pageOf(rows, query.page_size, toKeySet, ({ id }) => [id]);
};
