import { FlixError } from "../../../kernel/errors.ts";
import { requireMatch } from "../../../kernel/etags.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { billingNow, type BillingContext } from "../context.ts";
import { findPlan, insertPrice, lockPlan, updatePlanRow } from "../store/plans.ts";
import { toPlan } from "../to-plan.ts";

export const updatePlan: Handler<"updatePlan", BillingContext> = async (
  { params, body, ifMatch, unit },
  context,
) => {
  const plan = await lockPlan(context, unit, params.plan_id);
  if (!plan) throw new FlixError("plan_not_found");
  requireMatch(ifMatch, plan.version);
  const { price, ...fields } = body;
  if (price !== undefined && price.currency !== plan.currency)
    throw new FlixError("plan_currency_fixed", { detail: `The plan is in ${plan.currency}.` });
  const now = await billingNow(context, unit);
  let number = plan.price_number;
  if (price !== undefined && price.amount !== plan.amount) {
    number += 1;
    await insertPrice(context, unit, { plan_id: plan.id, number, amount: price.amount, created_at: now });
  }
  await updatePlanRow(context, unit, plan.id, { ...fields, price_number: number, updated_at: now });
  return toPlan((await findPlan(context, unit, plan.id)) ?? plan);
};
