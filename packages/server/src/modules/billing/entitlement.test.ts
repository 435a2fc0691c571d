import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graceMs } from "./dunning.ts";
import { entitlementAt, type EntitlingInvoice, type EntitlingSubscription } from "./entitlement.ts";
import type { SubscriptionState } from "./lifecycle.ts";

const plan = { planId: "pln_1", maxStreams: 2, maxHeight: 1080 };
const instant = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });
const state = fc.constantFrom<SubscriptionState>(
  "incomplete",
  "trialing",
  "active",
  "past_due",
  "unpaid",
  "canceled",
);
const invoice: fc.Arbitrary<EntitlingInvoice> = fc.oneof(
  fc.record({
    state: fc.constantFrom("open" as const, "paid" as const, "uncollectible" as const, "void" as const),
    issuedAt: instant,
  }),
  fc.constant({ state: "draft" as const, issuedAt: null }),
);
const subscription: fc.Arbitrary<EntitlingSubscription> = fc.record({
  state,
  periodEnd: instant,
  cancelAtPeriodEnd: fc.boolean(),
  planId: fc.constant("pln_1"),
  maxStreams: fc.constant(2),
  maxHeight: fc.constant(1080),
});

describe("entitlement", () => {
  it("is never lost while the period is paid or the trial runs", () => {
    fc.assert(
      fc.property(subscription, fc.array(invoice), instant, (of, invoices, now) => {
        fc.pre((of.state === "active" || of.state === "trialing") && now < of.periodEnd);
        expect(entitlementAt(of, invoices, now, graceMs)).toEqual({ entitled: true, ...plan });
      }),
    );
  });

  it("never outlasts the grace", () => {
    fc.assert(
      fc.property(subscription, fc.array(invoice), instant, (of, invoices, now) => {
        const open = invoices.flatMap(({ state: paying, issuedAt }) =>
          paying === "open" && issuedAt ? [issuedAt.getTime()] : [],
        );
        const dueSince = of.state === "past_due" ? Math.min(...open) : of.periodEnd.getTime();
        fc.pre(Number.isFinite(dueSince) && now.getTime() >= dueSince + graceMs);
        expect(entitlementAt(of, invoices, now, graceMs).entitled).toBe(false);
      }),
    );
  });

  it("is never there without a first payment, after all tries or after the end", () => {
    fc.assert(
      fc.property(subscription, fc.array(invoice), instant, (of, invoices, now) => {
        fc.pre(of.state === "incomplete" || of.state === "unpaid" || of.state === "canceled");
        expect(entitlementAt(of, invoices, now, graceMs).entitled).toBe(false);
      }),
    );
  });

  it("says why it is not there", () => {
    const now = new Date("2026-06-01");
    const old = { ...plan, periodEnd: new Date("2026-05-01"), cancelAtPeriodEnd: true };
    const open = [{ state: "open" as const, issuedAt: new Date("2026-05-01") }];
    const reasonOf = (of: EntitlingSubscription | undefined, invoices: EntitlingInvoice[] = []) => {
      const entitlement = entitlementAt(of, invoices, now, graceMs);
      return entitlement.entitled ? undefined : entitlement.reason;
    };
    expect(reasonOf(undefined)).toBe("no_subscription");
    expect(reasonOf({ ...old, state: "active" })).toBe("ended");
    expect(reasonOf({ ...old, state: "past_due" }, open)).toBe("past_due");
    expect(reasonOf({ ...old, state: "past_due" })).toBe("past_due");
    expect(reasonOf({ ...old, state: "unpaid" })).toBe("unpaid");
  });

  it("ends with the period, without grace, once it is canceled", () => {
    const periodEnd = new Date("2026-06-01T00:00:00.000Z");
    const of = { ...plan, state: "active" as const, periodEnd, cancelAtPeriodEnd: true };
    expect(entitlementAt(of, [], new Date(periodEnd.getTime() - 1), graceMs).entitled).toBe(true);
    expect(entitlementAt(of, [], periodEnd, graceMs).entitled).toBe(false);
    expect(entitlementAt({ ...of, cancelAtPeriodEnd: false }, [], periodEnd, graceMs).entitled).toBe(true);
  });
});
