import type { Updateable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { givenUpAt, incompleteMs, nextAttempt } from "../dunning.ts";
import { nextState } from "../lifecycle.ts";
import type { Period } from "../periods.ts";
import { recognitionPosting } from "../postings.ts";
import { updateInvoice, type InvoiceRecord } from "../store/invoices.ts";
import { listUnrecognised, post, recognitionOf } from "../store/ledger.ts";
import type { SubscriptionRecord } from "../store/subscriptions.ts";
import type { SubscriptionsTable } from "../tables.ts";
import { collectPayment, type Collection } from "./collect-payment.ts";
import { addLines, issueInvoice } from "./issue-invoice.ts";

/** Issues the invoice of a period, with what changes within the last one left to settle, and tries to collect it. */
export async function billPeriod(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  period: Period,
  at: Date,
): Promise<{ invoice: InvoiceRecord; collection: Collection }> {
  const { plan, amount } = subscription;
  const line = { description: plan.name, amount, period, proration: false };
  const draft = await addLines(context, unit, subscription, [line], at);
  const invoice = await issueInvoice(context, unit, draft, at);
  const collection = await collectPayment(context, unit, invoice, subscription.payment_method, at);
  return { invoice, collection };
}

/** What the outcome of a payment does to the subscription that it is for. */
export async function afterCollection(
  context: BillingContext,
  unit: Unit,
  { state, period_end, created_at }: Pick<SubscriptionRecord, "state" | "period_end" | "created_at">,
  { invoice, collection }: { invoice: InvoiceRecord; collection: Collection },
  at: Date,
): Promise<Updateable<SubscriptionsTable>> {
  if (collection.paid) {
    return {
      state: nextState(state, "paid"),
      due_at: period_end,
      failure_code: null,
      failure_message: null,
      latest_invoice_id: invoice.id,
    };
  }
  const failure = {
    failure_code: collection.code,
    failure_message: collection.message,
    latest_invoice_id: invoice.id,
  };
  const declined = nextState(state, "declined");
  const issuedAt = invoice.issued_at ?? at;
  if (declined === "incomplete") {
    return { ...failure, state: declined, due_at: new Date(created_at.getTime() + incompleteMs) };
  }
  const again = declined === "past_due" ? nextAttempt(issuedAt, at) : undefined;
  await updateInvoice(context, unit, invoice, { next_attempt_at: again ?? null });
  if (again !== undefined) return { ...failure, state: declined, due_at: again };
  return { ...failure, state: nextState(declined, "tries_exhausted"), due_at: givenUpAt(issuedAt) };
}

/** Recognises the revenue of paid lines whose time has passed; all of them when the subscription ends. */
export async function recogniseRevenue(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  endedBy: Date | undefined,
  at: Date,
): Promise<void> {
  for (const line of await listUnrecognised(context, unit, subscription, endedBy)) {
    const invoice = { account_id: line.account_id, id: line.invoice_id, currency: line.currency };
    await post(context, unit, invoice, recognitionOf(line), recognitionPosting(line.amount), at);
  }
}
