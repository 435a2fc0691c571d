import type { Unit } from "../../../kernel/unit.ts";
import { billingNow, type BillingContext } from "../context.ts";
import { periodFrom } from "../periods.ts";
import { lockCustomer } from "../store/customers.ts";
import { findInvoiceInState } from "../store/invoices.ts";
import {
  findSubscription,
  listDue,
  type DueSubscription,
  type SubscriptionRecord,
} from "../store/subscriptions.ts";
import { afterCollection, billPeriod, recogniseRevenue } from "./bill-period.ts";
import { collectPayment } from "./collect-payment.ts";
import { endSubscription } from "./end-subscription.ts";
import { saveSubscription } from "./save-subscription.ts";

const batchSize = 100;

/**
 * The background job: everything that is due by now, each account in a unit of its own, so that one that fails (a
 * provider that cannot be reached) holds nobody else up and comes again at the next run.
 */
export async function runDueSubscriptions(context: BillingContext, signal: AbortSignal): Promise<void> {
  const now = await billingNow(context, context.units.read());
  let after: DueSubscription | undefined;
  do {
    const page = { limit: batchSize, ...(after === undefined ? {} : { after }) };
    const batch = await listDue(context, context.units.read(), now, page);
    for (const due of batch) {
      if (signal.aborted) return;
      await context.units
        .write((unit) => catchUp(context, unit, due, now))
        .catch((error: unknown) =>
          context.log.error({ err: error, subscription_id: due.id }, "a subscription could not be renewed"),
        );
    }
    after = batch.length === batchSize ? batch.at(-1) : undefined;
  } while (after !== undefined);
}

/** Does what is due for one subscription by `now`, and answers it as it is then. */
export async function catchUp(
  context: BillingContext,
  unit: Unit,
  { id, account_id }: { id: string; account_id: string },
  now: Date,
): Promise<SubscriptionRecord | undefined> {
  await lockCustomer(context, unit, account_id, now);
  let subscription = await findSubscription(context, unit, id);
  while (subscription?.due_at && subscription.due_at <= now)
    subscription = await runDueStep(context, unit, subscription, now);
  return subscription;
}

/** The one thing that is due: a renewal, another try to pay, or the end. */
export async function runDueStep(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  at: Date,
): Promise<SubscriptionRecord> {
  switch (subscription.state) {
    case "trialing":
    case "active":
      return subscription.cancel_at_period_end
        ? endSubscription(context, unit, subscription, at)
        : renew(context, unit, subscription, at);
    case "past_due":
      return retry(context, unit, subscription, at);
    case "incomplete":
    case "unpaid":
      return endSubscription(context, unit, subscription, at);
    case "canceled":
      throw new Error(`The subscription ${subscription.id} has ended; nothing of it is due`);
    default:
      return subscription.state satisfies never;
  }
}

/** The next period begins where the last one ended, however late this runs. */
async function renew(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  at: Date,
): Promise<SubscriptionRecord> {
  await recogniseRevenue(context, unit, subscription, subscription.period_end, at);
  const { anchor_at, plan, period_end } = subscription;
  const period = periodFrom(anchor_at, plan.interval, period_end);
  const billed = await billPeriod(context, unit, subscription, period, at);
  const renewed = { ...subscription, period_end: period.end };
  const changes = await afterCollection(context, unit, renewed, billed, at);
  const dates = { period_start: period.start, period_end: period.end };
  return saveSubscription(context, unit, subscription, { ...dates, ...changes }, at);
}

async function retry(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  at: Date,
): Promise<SubscriptionRecord> {
  const invoice = await findInvoiceInState(context, unit, subscription.id, "open");
  if (!invoice) throw new Error(`The subscription ${subscription.id} is past due and owes nothing`);
  const collection = await collectPayment(context, unit, invoice, subscription.payment_method, at);
  const changes = await afterCollection(context, unit, subscription, { invoice, collection }, at);
  return saveSubscription(context, unit, subscription, changes, at);
}
