import type { Item } from "@flix/sdk";
import { formatDate } from "./money.ts";

export type Subscription = Item<"listSubscriptions">;
type Facts = Pick<
  Subscription,
  "state" | "cancel_at_period_end" | "current_period_end" | "trial_end" | "entitled" | "payment_failure"
>;

/** One sentence about where a subscription stands. */
export function membershipText(subscription: Facts, language?: string): string {
  const { state, cancel_at_period_end, current_period_end, trial_end, entitled, payment_failure } =
    subscription;
  const end = formatDate(current_period_end, language);
  const why = payment_failure ? ` (${payment_failure.message})` : "";
  if (cancel_at_period_end) return `Ends on ${end}. Watch on until then.`;
  switch (state) {
    case "trialing":
      return `Free until ${formatDate(trial_end ?? current_period_end, language)}, then paid.`;
    case "active":
      return `Renews on ${end}.`;
    case "past_due":
      return `The last payment was declined${why}; we try again. ${entitled ? "You can watch meanwhile." : "Choose another card to watch."}`;
    case "unpaid":
      return `All payments were declined${why}. Choose another card to watch.`;
    case "incomplete":
      return `The first payment was declined${why}.`;
    case "canceled":
      return `Ended on ${end}.`;
    default:
      return state satisfies never;
  }
}
