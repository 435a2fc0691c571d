import type { Updateable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { findSubscription, updateSubscription, type SubscriptionRecord } from "../store/subscriptions.ts";
import type { SubscriptionsTable } from "../tables.ts";
import { entitlementOfSubscription } from "../to-subscription.ts";

/** Writes changes and reports them: the plan's or the state's as an event, the end as one of its own. */
export async function saveSubscription(
  context: BillingContext,
  unit: Unit,
  before: SubscriptionRecord,
  changes: Updateable<SubscriptionsTable>,
  at: Date,
): Promise<SubscriptionRecord> {
  const after = await saveQuietly(context, unit, before, changes, at);
  if (after.state === "canceled") {
    await unit.publish(context.database, {
      type: "subscription.canceled",
      account_id: after.account_id,
      data: { subscription_id: after.id, plan_id: after.plan_id },
    });
  } else if (after.state !== before.state || after.plan_id !== before.plan_id) {
    await unit.publish(context.database, {
      type: "subscription.changed",
      account_id: after.account_id,
      data: {
        ...subscriptionFacts(after, at),
        ...(after.plan_id === before.plan_id ? {} : { previous_plan_id: before.plan_id }),
        ...(after.state === before.state ? {} : { previous_state: before.state }),
      },
    });
  }
  return after;
}

/** Writes changes that are reported elsewhere. */
export async function saveQuietly(
  context: BillingContext,
  unit: Unit,
  before: SubscriptionRecord,
  changes: Updateable<SubscriptionsTable>,
  at: Date,
): Promise<SubscriptionRecord> {
  await updateSubscription(context, unit, before, { ...changes, updated_at: at });
  return readBack(context, unit, before.id);
}

export async function readBack(context: BillingContext, unit: Unit, id: string): Promise<SubscriptionRecord> {
  const subscription = await findSubscription(context, unit, id);
  if (!subscription) throw new Error(`The subscription ${id} was written and is not there`);
  return subscription;
}

/** What the events of a subscription say of it. */
export function subscriptionFacts(subscription: SubscriptionRecord, at: Date) {
  return {
    subscription_id: subscription.id,
    plan_id: subscription.plan_id,
    state: subscription.state,
    entitled: entitlementOfSubscription(subscription, at).entitled,
  };
}
