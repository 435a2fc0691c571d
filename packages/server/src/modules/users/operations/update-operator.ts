import { FlixError } from "../../../kernel/errors.ts";
import { requireMatch } from "../../../kernel/etags.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { hashPassword } from "../password.ts";
import { removeRecordsOfHolder } from "../store/oauth-records.ts";
import { changeOperator, isActiveAdmin, lockOperator } from "../store/operators.ts";
import { toOperator } from "../to-resources.ts";

export const updateOperator: Handler<"updateOperator", UsersContext> = async (
  { params, body: { password, ...changes }, unit, ifMatch },
  context,
) => {
  const passwordHash = password === undefined ? undefined : await hashPassword(password);
  const { operator, isLastAdmin } = await lockOperator(unit, context, params.operator_id);
  requireMatch(ifMatch, operator.version);
  if (isLastAdmin && !isActiveAdmin({ ...operator, ...changes })) throw new FlixError("last_admin");
  const changed = await changeOperator(unit, context, operator.id, {
    ...changes,
    ...(passwordHash === undefined ? {} : { password_hash: passwordHash }),
  });
  if (passwordHash !== undefined || changed.role !== operator.role || changed.state !== operator.state) {
    await removeRecordsOfHolder(unit, context, operator.id);
  }
  return toOperator(changed);
};
