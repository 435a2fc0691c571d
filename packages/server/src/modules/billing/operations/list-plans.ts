import { decodeCursor, pageLimit, pageOf } from "../../../kernel/cursors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { hasScope, type Principal } from "../../../kernel/security.ts";
import type { BillingContext } from "../context.ts";
import { listPlanRecords } from "../store/plans.ts";
import { toPlan } from "../to-plan.ts";

export const listPlans: Handler<"listPlans", BillingContext> = async (
  { query, unit, principal },
  context,
) => {
  const [amount, id] = decodeCursor(query.cursor, ["number", "string"] as const) ?? [];
  const rows = await listPlanRecords(context, unit, {
    activeOnly: !seesEveryPlan(principal),
    after: amount === undefined || id === undefined ? undefined : { amount, id },
    limit: pageLimit(query.page_size),
  });
  return pageOf(rows, query.page_size, toPlan, (plan) => [plan.amount, plan.id]);
};

export function seesEveryPlan(principal: Principal): boolean {
  return hasScope(principal, "billing:read") || hasScope(principal, "billing:write");
}
