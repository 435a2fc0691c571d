import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { selectClients } from "../store/clients.ts";
import { toClient } from "../to-resources.ts";

export const listMachineClients: Handler<"listMachineClients", UsersContext> = async (
  { query, unit },
  context,
) => {
  const [afterId] = decodeCursor(query.cursor, ["string"]) ?? [];
  const limit = pageLimit(query.page_size);
  const rows = await selectClients(unit, context, { limit, ...(afterId === undefined ? {} : { afterId }) });
  return pageOf(rows, query.page_size, toClient, ({ id }) => [id]);
};
