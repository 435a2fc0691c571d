import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { BillingContext } from "../context.ts";
import { findPlan } from "../store/plans.ts";
import { toPlan } from "../to-plan.ts";
import { seesEveryPlan } from "./list-plans.ts";

export const getPlan: Handler<"getPlan", BillingContext> = async ({ params, unit, principal }, context) => {
  const plan = await findPlan(context, unit, params.plan_id);
  if (!plan || !(plan.active || seesEveryPlan(principal))) throw new FlixError("plan_not_found");
  return toPlan(plan);
};
