import type { Handler } from "../../../kernel/handler.ts";
import { billingNow, type BillingContext } from "../context.ts";
import { toSubscription } from "../to-subscription.ts";
import { findOwnSubscription } from "./find-own-subscription.ts";

export const getSubscription: Handler<"getSubscription", BillingContext> = async (
  { params, unit, principal },
  context,
) => {
  const subscription = await findOwnSubscription(context, unit, principal, params.subscription_id);
  return toSubscription(subscription, await billingNow(context, unit));
};
