import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { removeRecordsOfHolder } from "../store/oauth-records.ts";
import { lockOperator, removeOperator } from "../store/operators.ts";

export const deleteOperator: Handler<"deleteOperator", UsersContext> = async ({ params, unit }, context) => {
  const { operator, isLastAdmin } = await lockOperator(unit, context, params.operator_id);
  if (isLastAdmin) throw new FlixError("last_admin");
  await removeOperator(unit, context, operator.id);
  await removeRecordsOfHolder(unit, context, operator.id);
  return undefined;
};
