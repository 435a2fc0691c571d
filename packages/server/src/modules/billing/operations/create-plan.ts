import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import { billingNow, type BillingContext } from "../context.ts";
import { isCurrency } from "../currency.ts";
import { findPlan, insertPlan } from "../store/plans.ts";
import { toPlan } from "../to-plan.ts";

export const createPlan: Handler<"createPlan", BillingContext> = async ({ body, unit }, context) => {
  const { name, price, interval, trial_days = 0, max_streams, max_height, active = true } = body;
  if (!isCurrency(price.currency)) {
    throw new FlixError("invalid_request", {
      detail: `${price.currency} is not a currency.`,
      errors: [{ pointer: "/price/currency", message: "must be an ISO 4217 code, such as USD" }],
    });
  }
  const id = context.ids.next("pln");
  const now = await billingNow(context, unit);
  const row = { id, name, interval, trial_days, max_streams, max_height, active };
  const dates = { created_at: now, updated_at: now };
  await insertPlan(context, unit, { ...row, ...dates, currency: price.currency }, price.amount);
  const plan = await findPlan(context, unit, id);
  if (!plan) throw new Error(`The plan ${id} was written and is not there`);
  return toPlan(plan);
};
