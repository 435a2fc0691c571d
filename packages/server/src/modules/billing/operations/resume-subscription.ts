import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { BillingContext } from "../context.ts";
import { toSubscription } from "../to-subscription.ts";
import { saveSubscription } from "../workflows/save-subscription.ts";
import { lockOwnSubscription } from "./find-own-subscription.ts";

export const resumeSubscription: Handler<"resumeSubscription", BillingContext> = async (
  { params, unit, principal },
  context,
) => {
  const { subscription, now } = await lockOwnSubscription(context, unit, principal, params.subscription_id);
  const { state, cancel_at_period_end, period_end } = subscription;
  if (state === "canceled" || (cancel_at_period_end && period_end <= now))
    throw new FlixError("subscription_ended");
  if (!cancel_at_period_end) throw new FlixError("subscription_not_canceling");
  const changes = { cancel_at_period_end: false, canceled_at: null };
  return toSubscription(await saveSubscription(context, unit, subscription, changes, now), now);
};
