import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { removeClient } from "../store/clients.ts";

export const deleteMachineClient: Handler<"deleteMachineClient", UsersContext> = async (
  { params, unit },
  context,
) => {
  if (!(await removeClient(unit, context, params.client_id))) throw new FlixError("not_found");
  return undefined;
};
