import type { Handler } from "../../../kernel/handler.ts";
import type { BillingContext } from "../context.ts";
import { toSubscription } from "../to-subscription.ts";
import { endSubscription } from "../workflows/end-subscription.ts";
import { saveSubscription } from "../workflows/save-subscription.ts";
import { lockOwnSubscription } from "./find-own-subscription.ts";

export const cancelSubscription: Handler<"cancelSubscription", BillingContext> = async (
  { params, body, unit, principal },
  context,
) => {
  const { subscription, now } = await lockOwnSubscription(context, unit, principal, params.subscription_id);
  const { state, period_end, cancel_at_period_end } = subscription;
  if (state === "canceled") return toSubscription(subscription, now);
  const paidUntilLater = (state === "trialing" || state === "active") && period_end > now;
  if (body.at_period_end === false || !paidUntilLater)
    return toSubscription(await endSubscription(context, unit, subscription, now), now);
  if (cancel_at_period_end) return toSubscription(subscription, now);
  const changes = { cancel_at_period_end: true, canceled_at: now };
  return toSubscription(await saveSubscription(context, unit, subscription, changes, now), now);
};
