import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { selectOperators } from "../store/operators.ts";
import { toOperator } from "../to-resources.ts";

export const listOperators: Handler<"listOperators", UsersContext> = async ({ query, unit }, context) => {
  const [afterId] = decodeCursor(query.cursor, ["string"]) ?? [];
  const limit = pageLimit(query.page_size);
  const rows = await selectOperators(unit, context, { limit, ...(afterId === undefined ? {} : { afterId }) });
  return pageOf(rows, query.page_size, toOperator, ({ id }) => [id]);
};
