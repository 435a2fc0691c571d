import type { Handler } from "../../../kernel/handler.ts";
import type { UsersContext } from "../context.ts";
import { hashPassword } from "../password.ts";
import { insertOperator } from "../store/operators.ts";
import { toOperator } from "../to-resources.ts";

export const createOperator: Handler<"createOperator", UsersContext> = async (
  { body: { password, ...draft }, unit },
  context,
) => {
  const passwordHash = await hashPassword(password);
  return toOperator(await insertOperator(unit, context, { ...draft, passwordHash }));
};
