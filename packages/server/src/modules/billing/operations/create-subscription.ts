import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { Unit } from "../../../kernel/unit.ts";
import { mayAccess } from "../account-access.ts";
import { billingNow, type BillingContext } from "../context.ts";
import { periodFrom } from "../periods.ts";
import { lockCustomer, updateCustomer, type CustomerRow } from "../store/customers.ts";
import { findPlan, type PlanRecord } from "../store/plans.ts";
import {
  findLatestSubscription,
  insertSubscription,
  type SubscriptionRecord,
} from "../store/subscriptions.ts";
import { toSubscription } from "../to-subscription.ts";
import { attachPaymentMethod } from "../workflows/attach-payment-method.ts";
import { afterCollection, billPeriod } from "../workflows/bill-period.ts";
import { endSubscription } from "../workflows/end-subscription.ts";
import { readBack, saveQuietly, subscriptionFacts } from "../workflows/save-subscription.ts";

export const createSubscription: Handler<"createSubscription", BillingContext> = async (
  { body, unit, principal },
  context,
) => {
  const { account_id, plan_id, payment_method } = body;
  await requireViewer(context, unit, mayAccess(principal, account_id) ? account_id : undefined);
  const plan = await findPlan(context, unit, plan_id);
  if (!plan) throw new FlixError("plan_not_found");
  if (!plan.active) throw new FlixError("plan_not_active");
  const now = await billingNow(context, unit);
  const customer = await lockCustomer(context, unit, account_id, now);
  const existing = await findLatestSubscription(context, unit, account_id);
  if (existing?.state === "incomplete") await endSubscription(context, unit, existing, now);
  else if (existing && existing.state !== "canceled")
    throw new FlixError("subscription_exists", { detail: `It is ${existing.id}.` });
  const method = await attachPaymentMethod(context, unit, customer, payment_method);
  const subscription = await begin(context, unit, { customer, plan, method, now });
  await unit.publish(context.database, {
    type: "subscription.created",
    account_id,
    data: subscriptionFacts(subscription, now),
  });
  return toSubscription(subscription, now);
};

async function requireViewer(
  { users }: BillingContext,
  unit: Unit,
  accountId: string | undefined,
): Promise<void> {
  const viewer = accountId === undefined ? undefined : await users.getViewer(unit, accountId);
  if (!viewer) throw new FlixError("account_not_found");
  if (viewer.state === "suspended") throw new FlixError("account_suspended");
}

interface Beginning {
  customer: CustomerRow;
  plan: PlanRecord;
  method: string;
  now: Date;
}

/** With the trial, where the plan has one and the account had none; else with the first payment. */
async function begin(
  context: BillingContext,
  unit: Unit,
  { customer, plan, method, now }: Beginning,
): Promise<SubscriptionRecord> {
  const { account_id, trial_used_at } = customer;
  const onTrial = plan.trial_days > 0 && trial_used_at === null;
  const trialEnd = new Date(now.getTime() + plan.trial_days * 86_400_000);
  const period = onTrial ? { start: now, end: trialEnd } : periodFrom(now, plan.interval, now);
  const id = context.ids.next("sub");
  await insertSubscription(context, unit, {
    account_id,
    id,
    plan_id: plan.id,
    price_number: plan.price_number,
    state: onTrial ? "trialing" : "incomplete",
    anchor_at: onTrial ? trialEnd : now,
    period_start: period.start,
    period_end: period.end,
    trial_end: onTrial ? trialEnd : null,
    canceled_at: null,
    payment_method: method,
    latest_invoice_id: null,
    failure_code: null,
    failure_message: null,
    due_at: period.end,
    created_at: now,
    updated_at: now,
  });
  const subscription = await readBack(context, unit, id);
  if (onTrial) {
    await updateCustomer(context, unit, account_id, { trial_used_at: now });
    return subscription;
  }
  const billed = await billPeriod(context, unit, subscription, period, now);
  const changes = await afterCollection(context, unit, subscription, billed, now);
  return saveQuietly(context, unit, subscription, changes, now);
}
