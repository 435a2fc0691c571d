import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { selectAccounts } from "../store/accounts.ts";
import { toAccount } from "../to-resources.ts";

export const listAccounts: Handler<"listAccounts", UsersContext> = async (
  { query, principal, unit },
  context,
) => {
  const { q, state, page_size: pageSize } = query;
  const [beforeId] = decodeCursor(query.cursor, ["string"]) ?? [];
  const rows = await selectAccounts(unit, context, {
    limit: pageLimit(pageSize),
    ...(q === undefined ? {} : { q }),
    ...(state === undefined ? {} : { state }),
    ...(beforeId === undefined ? {} : { beforeId }),
  });
  return pageOf(
    rows,
    pageSize,
    (row) => toAccount(row, principal),
    ({ id }) => [id],
  );
};
