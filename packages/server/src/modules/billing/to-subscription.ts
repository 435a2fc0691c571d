import type { components } from "@flix/openapi";
import { etagOf } from "../../kernel/etags.ts";
import { graceMs } from "./dunning.ts";
import { entitlementAt, type Entitlement } from "./entitlement.ts";
import type { SubscriptionRecord } from "./store/subscriptions.ts";
import { toPlan } from "./to-plan.ts";

/** The contract's resource; `now` decides whether it entitles. */
export function toSubscription(
  subscription: SubscriptionRecord,
  now: Date,
): components["schemas"]["Subscription"] {
  const { plan, trial_end, canceled_at, latest_invoice_id, failure_code, failure_message } = subscription;
  return {
    id: subscription.id,
    account_id: subscription.account_id,
    plan: toPlan(plan),
    price: { amount: subscription.amount, currency: plan.currency },
    state: subscription.state,
    entitled: entitlementOfSubscription(subscription, now).entitled,
    current_period_start: subscription.period_start.toISOString(),
    current_period_end: subscription.period_end.toISOString(),
    ...(trial_end === null ? {} : { trial_end: trial_end.toISOString() }),
    cancel_at_period_end: subscription.cancel_at_period_end,
    ...(canceled_at === null ? {} : { canceled_at: canceled_at.toISOString() }),
    ...(latest_invoice_id === null ? {} : { latest_invoice_id }),
    ...(failure_code === null
      ? {}
      : { payment_failure: { code: failure_code, message: failure_message ?? failure_code } }),
    created_at: subscription.created_at.toISOString(),
    updated_at: subscription.updated_at.toISOString(),
    etag: etagOf(subscription.version),
  };
}

export function entitlementOfSubscription(
  subscription: SubscriptionRecord | undefined,
  now: Date,
): Entitlement {
  if (subscription === undefined) return entitlementAt(undefined, [], now, graceMs);
  const { plan, open_since } = subscription;
  return entitlementAt(
    {
      state: subscription.state,
      periodEnd: subscription.period_end,
      cancelAtPeriodEnd: subscription.cancel_at_period_end,
      planId: plan.id,
      maxStreams: plan.max_streams,
      maxHeight: plan.max_height,
    },
    open_since === null ? [] : [{ state: "open", issuedAt: open_since }],
    now,
    graceMs,
  );
}
