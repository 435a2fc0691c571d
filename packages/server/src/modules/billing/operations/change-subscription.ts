import { FlixError } from "../../../kernel/errors.ts";
import { requireMatch } from "../../../kernel/etags.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { findInvoiceInState } from "../store/invoices.ts";
import { findPlan } from "../store/plans.ts";
import type { SubscriptionRecord } from "../store/subscriptions.ts";
import { toSubscription } from "../to-subscription.ts";
import { attachPaymentMethod } from "../workflows/attach-payment-method.ts";
import { afterCollection } from "../workflows/bill-period.ts";
import { changePlan, declined } from "../workflows/change-plan.ts";
import { collectPayment } from "../workflows/collect-payment.ts";
import { catchUp } from "../workflows/run-due.ts";
import { saveSubscription } from "../workflows/save-subscription.ts";
import { lockOwnSubscription, type LockedSubscription } from "./find-own-subscription.ts";

export const changeSubscription: Handler<"changeSubscription", BillingContext> = async (
  { params, body, ifMatch, unit, principal },
  context,
) => {
  const locked = await lockOwnSubscription(context, unit, principal, params.subscription_id);
  const { now } = locked;
  requireMatch(ifMatch, locked.subscription.version);
  let subscription = locked.subscription;
  // With a new payment method at hand, the old one is not tried again first.
  if (body.payment_method !== undefined)
    subscription = await changePaymentMethod(context, unit, locked, body.payment_method);
  subscription = (await catchUp(context, unit, subscription, now)) ?? subscription;
  if (subscription.state === "canceled") throw new FlixError("subscription_ended");
  if (body.plan_id !== undefined) {
    const plan = await findPlan(context, unit, body.plan_id);
    if (!plan) throw new FlixError("plan_not_found");
    subscription = await changePlan(context, unit, subscription, plan, now);
  }
  return toSubscription(subscription, now);
};

/** A new payment method pays what is due; one that does not is not kept. */
async function changePaymentMethod(
  context: BillingContext,
  unit: Unit,
  { subscription, customer, now }: LockedSubscription,
  token: string,
): Promise<SubscriptionRecord> {
  if (subscription.state === "canceled") throw new FlixError("subscription_ended");
  const method = { payment_method: await attachPaymentMethod(context, unit, customer, token) };
  const invoice = await findInvoiceInState(context, unit, subscription.id, "open");
  if (!invoice) return saveSubscription(context, unit, subscription, method, now);
  const collection = await collectPayment(context, unit, invoice, method.payment_method, now);
  if (!collection.paid) throw declined(collection);
  const changes = await afterCollection(context, unit, subscription, { invoice, collection }, now);
  return saveSubscription(context, unit, subscription, { ...method, ...changes }, now);
}
