import type { Handler } from "../../../kernel/handler.ts";
import type { OpsContext } from "../context.ts";
import { checkParts, worstOf } from "../health.ts";

export const getHealth: Handler<"getHealth", OpsContext> = async (_request, { clock, parts }) => {
  const checked = await checkParts(parts);
  return { status: worstOf(checked), checked_at: clock.now().toISOString(), parts: checked };
};
