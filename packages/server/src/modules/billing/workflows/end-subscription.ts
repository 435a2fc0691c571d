import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { nextState } from "../lifecycle.ts";
import { findInvoiceInState, updateInvoice } from "../store/invoices.ts";
import type { SubscriptionRecord } from "../store/subscriptions.ts";
import { recogniseRevenue } from "./bill-period.ts";
import { collectPayment, writeOff } from "./collect-payment.ts";
import { issueInvoice } from "./issue-invoice.ts";
import { saveSubscription } from "./save-subscription.ts";

export interface Ending {
  /** Changes of plan that no invoice has settled: charged or credited now, or let go. */
  unsettled: "bill" | "drop";
}

/** Ends a subscription now. What is open is given up; there is no refund, so what was paid is earned. */
export async function endSubscription(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  at: Date,
  { unsettled }: Ending = { unsettled: "bill" },
): Promise<SubscriptionRecord> {
  const open = await findInvoiceInState(context, unit, subscription.id, "open");
  if (open) {
    const owed = subscription.state === "incomplete" ? "void" : "uncollectible";
    await writeOff(context, unit, open, owed, at);
  }
  const draft = await findInvoiceInState(context, unit, subscription.id, "draft");
  let latest = subscription.latest_invoice_id;
  if (draft && (unsettled === "drop" || draft.subtotal === 0)) {
    await updateInvoice(context, unit, draft, { state: "void" });
  } else if (draft) {
    const last = await issueInvoice(context, unit, draft, at);
    const { paid } = await collectPayment(context, unit, last, subscription.payment_method, at);
    if (!paid) await writeOff(context, unit, last, "uncollectible", at);
    latest = last.id;
  }
  await recogniseRevenue(context, unit, subscription, undefined, at);
  const changes = {
    state: nextState(subscription.state, "ended"),
    cancel_at_period_end: false,
    canceled_at: subscription.canceled_at ?? at,
    due_at: null,
    latest_invoice_id: latest,
  };
  return saveSubscription(context, unit, subscription, changes, at);
}
