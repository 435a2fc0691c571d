import type { components } from "@flix/openapi";

export type SubscriptionState = components["schemas"]["SubscriptionState"];

/** What can happen to a subscription; each has one place in the code that lets it happen. */
export type SubscriptionStep = "paid" | "declined" | "tries_exhausted" | "ended";

/*
 * A subscription begins as one of the first three, by its trial and its first payment.
 *
 *   trialing ----paid----> active <---paid--- incomplete        (a new payment method paid the first invoice)
 *      |                    |  ^
 *   declined             declined |
 *      |                    v  paid
 *      +---------------> past_due --declined--> past_due         (by the schedule of dunning.ts)
 *                           |
 *                     tries_exhausted
 *                           v
 *                         unpaid ---paid---> active              (a new payment method paid)
 *
 *   Every state but canceled --ended--> canceled: canceled by the viewer, the period's end after a cancellation, an
 *   incomplete one that was not paid in time or gave way to another, an unpaid one after dunning.ts's last day.
 *
 * Renewal is active --paid--> active. Only `trialing` and `active` reach the end of a period: the first try to the
 * last day of `unpaid` takes 28 days, and no period is shorter.
 */
const transitions: Record<SubscriptionState, Partial<Record<SubscriptionStep, SubscriptionState>>> = {
  incomplete: { paid: "active", declined: "incomplete", ended: "canceled" },
  trialing: { paid: "active", declined: "past_due", ended: "canceled" },
  active: { paid: "active", declined: "past_due", ended: "canceled" },
  past_due: { paid: "active", declined: "past_due", tries_exhausted: "unpaid", ended: "canceled" },
  unpaid: { paid: "active", ended: "canceled" },
  canceled: {},
};

export function nextState(state: SubscriptionState, step: SubscriptionStep): SubscriptionState {
  const next = transitions[state][step];
  if (next === undefined) throw new Error(`A subscription that is ${state} cannot be ${step}`);
  return next;
}
