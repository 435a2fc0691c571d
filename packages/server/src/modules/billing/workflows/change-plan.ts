import { FlixError } from "../../../kernel/errors.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { periodFrom } from "../periods.ts";
import { prorate } from "../proration.ts";
import type { PlanRecord } from "../store/plans.ts";
import type { SubscriptionRecord } from "../store/subscriptions.ts";
import { afterCollection, billPeriod } from "./bill-period.ts";
import { addLines, type NewLine } from "./issue-invoice.ts";
import { saveQuietly, saveSubscription } from "./save-subscription.ts";

/**
 * Moves a subscription to another plan at once. Within a paid period the rest of it is credited at the old price; at
 * the same interval it is charged at the new one, on the next invoice, and at another interval a new period begins and
 * is billed now. A trial goes on as it was.
 */
export async function changePlan(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  plan: PlanRecord,
  at: Date,
): Promise<SubscriptionRecord> {
  if (plan.id === subscription.plan_id) return subscription;
  requireChangeable(subscription, plan);
  const agreed = { plan_id: plan.id, price_number: plan.price_number };
  if (subscription.state === "trialing") return saveSubscription(context, unit, subscription, agreed, at);
  if (plan.interval === subscription.plan.interval) {
    await addLines(context, unit, subscription, restOfPeriod(subscription, plan, at), at);
    return saveSubscription(context, unit, subscription, agreed, at);
  }
  await addLines(context, unit, subscription, [creditLine(subscription, at)], at);
  const period = periodFrom(at, plan.interval, at);
  const dates = { anchor_at: at, period_start: period.start, period_end: period.end };
  const moved = await saveQuietly(context, unit, subscription, { ...agreed, ...dates }, at);
  const billed = await billPeriod(context, unit, moved, period, at);
  if (!billed.collection.paid) throw declined(billed.collection);
  const changes = await afterCollection(context, unit, moved, billed, at);
  return saveSubscription(context, unit, subscription, changes, at);
}

export function declined({ code, message }: { code: string; message: string }): FlixError {
  return new FlixError("payment_declined", { detail: `${message} (${code})` });
}

function requireChangeable(subscription: SubscriptionRecord, plan: PlanRecord): void {
  if (!plan.active) throw new FlixError("plan_not_active", { detail: `${plan.id} takes no subscriptions.` });
  if (plan.currency !== subscription.plan.currency) {
    throw new FlixError("plan_currency_differs", {
      detail: `The subscription is in ${subscription.plan.currency}, the plan in ${plan.currency}.`,
    });
  }
  if (subscription.state !== "trialing" && subscription.state !== "active")
    throw new FlixError("subscription_not_paid", { detail: `The subscription is ${subscription.state}.` });
}

/** The credit and the charge of a change within a period; a change back at the same instant undoes them exactly. */
function restOfPeriod(subscription: SubscriptionRecord, plan: PlanRecord, at: Date): NewLine[] {
  const period = { start: subscription.period_start, end: subscription.period_end };
  return [
    creditLine(subscription, at),
    {
      description: `${plan.name}, rest of the period`,
      amount: prorate(plan.amount, period, at),
      period: { start: at, end: period.end },
      proration: true,
    },
  ];
}

function creditLine({ plan, amount, period_start, period_end }: SubscriptionRecord, at: Date): NewLine {
  const credit = prorate(amount, { start: period_start, end: period_end }, at);
  return {
    description: `${plan.name}, unused time`,
    amount: credit === 0 ? 0 : -credit,
    period: { start: at, end: period_end },
    proration: true,
  };
}
