import type { SubscriptionState } from "./lifecycle.ts";

/** What an account may watch now, and with how much; `reason` says why not. */
export type Entitlement =
  | { entitled: true; planId: string; maxStreams: number; maxHeight: number }
  | { entitled: false; reason: "no_subscription" | "incomplete" | "past_due" | "unpaid" | "ended" };

export interface EntitlingSubscription {
  state: SubscriptionState;
  /** In a trial, its end. */
  periodEnd: Date;
  cancelAtPeriodEnd: boolean;
  planId: string;
  maxStreams: number;
  maxHeight: number;
}

export interface EntitlingInvoice {
  state: "draft" | "open" | "paid" | "void" | "uncollectible";
  issuedAt: Date | null;
}

/**
 * Entitlement, from what is known at `now` alone. A paid period or a trial entitles to its end; the grace begins where
 * payment is due, so that neither a declined renewal nor a renewal that has not run yet cuts a viewer off at once. A
 * subscription that is to end has no grace.
 */
export function entitlementAt(
  subscription: EntitlingSubscription | undefined,
  invoices: EntitlingInvoice[],
  now: Date,
  graceMs: number,
): Entitlement {
  if (subscription === undefined) return { entitled: false, reason: "no_subscription" };
  const { state, planId, maxStreams, maxHeight } = subscription;
  const granted: Entitlement = { entitled: true, planId, maxStreams, maxHeight };
  switch (state) {
    case "trialing":
    case "active": {
      const end = subscription.periodEnd.getTime() + (subscription.cancelAtPeriodEnd ? 0 : graceMs);
      return now.getTime() < end ? granted : { entitled: false, reason: "ended" };
    }
    case "past_due": {
      const due = invoices.flatMap(({ state: paying, issuedAt }) =>
        paying === "open" && issuedAt !== null ? [issuedAt.getTime()] : [],
      );
      const inGrace = due.length > 0 && now.getTime() < Math.min(...due) + graceMs;
      return inGrace ? granted : { entitled: false, reason: "past_due" };
    }
    case "incomplete":
    case "unpaid":
      return { entitled: false, reason: state };
    case "canceled":
      return { entitled: false, reason: "ended" };
    default:
      return state satisfies never;
  }
}
