import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { requireAccountReader } from "../access.ts";
import type { UsersContext } from "../context.ts";
import { findAccount } from "../store/accounts.ts";
import { selectProfiles } from "../store/profiles.ts";
import { toProfile } from "../to-resources.ts";

export const listProfiles: Handler<"listProfiles", UsersContext> = async (
  { params, query, principal, unit },
  context,
) => {
  const accountId = params.account_id;
  requireAccountReader(principal, accountId);
  if (!(await findAccount(unit, context, accountId))) throw new FlixError("account_not_found");
  const [afterId] = decodeCursor(query.cursor, ["string"]) ?? [];
  const limit = pageLimit(query.page_size);
  const rows = await selectProfiles(unit, context, {
    accountId,
    limit,
    ...(afterId === undefined ? {} : { afterId }),
  });
  return pageOf(rows, query.page_size, toProfile, ({ id }) => [id]);
};
