import type { ChargeOutcome } from "../../../engines/payments/payments.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { paymentPosting, writeOffPosting } from "../postings.ts";
import { findCustomer } from "../store/customers.ts";
import { insertAttempt, updateInvoice, type InvoiceRecord } from "../store/invoices.ts";
import { post } from "../store/ledger.ts";

export type Collection = { paid: true } | { paid: false; code: string; message: string };

/**
 * Tries once to have an open invoice paid. Each try has a number of its own, which names it to the provider: a unit
 * that is repeated after a crash asks for the same charge again, and gets the first one's outcome.
 */
export async function collectPayment(
  context: BillingContext,
  unit: Unit,
  invoice: InvoiceRecord,
  paymentMethodId: string | null,
  at: Date,
): Promise<Collection> {
  if (invoice.total === 0) {
    await markPaid(context, unit, invoice, at);
    return { paid: true };
  }
  const number = invoice.attempt_count + 1;
  const outcome = await charge(context, unit, invoice, paymentMethodId, number, at);
  const failure = outcome.state === "declined" ? outcome : undefined;
  await insertAttempt(context, unit, {
    account_id: invoice.account_id,
    invoice_id: invoice.id,
    number,
    amount: invoice.total,
    charge_id: outcome.chargeId,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    created_at: at,
  });
  await updateInvoice(context, unit, invoice, { attempt_count: number });
  if (failure === undefined) {
    await markPaid(context, unit, invoice, at);
    return { paid: true };
  }
  await markDeclined(context, unit, invoice, failure);
  return { paid: false, code: failure.code, message: failure.message };
}

/** Gives up an open invoice: `void` when it was never owed in the end, `uncollectible` when it was. */
export async function writeOff(
  context: BillingContext,
  unit: Unit,
  invoice: InvoiceRecord,
  as: "void" | "uncollectible",
  at: Date,
): Promise<void> {
  await updateInvoice(context, unit, invoice, { state: as, next_attempt_at: null });
  const { subtotal, credit_applied: creditApplied, total } = invoice;
  const posting = writeOffPosting({ subtotal, creditApplied, total });
  await post(context, unit, invoice, `write_off:${invoice.id}`, posting, at);
}

async function charge(
  { payments, ...context }: BillingContext,
  unit: Unit,
  invoice: InvoiceRecord,
  paymentMethodId: string | null,
  number: number,
  at: Date,
): Promise<ChargeOutcome> {
  // A check takes no money, and answers as if it had.
  if (unit.validateOnly) return { state: "succeeded", chargeId: "validate_only" };
  const customer = await findCustomer(context, unit, invoice.account_id);
  const customerId = customer?.provider_customer ?? null;
  if (customerId === null || paymentMethodId === null)
    throw new Error(`The invoice ${invoice.id} has nobody to charge`);
  return payments.charge(unit, {
    customerId,
    paymentMethodId,
    amount: invoice.total,
    currency: invoice.currency,
    idempotencyKey: `${invoice.id}:${number}`,
    at,
  });
}

async function markPaid(
  context: BillingContext,
  unit: Unit,
  invoice: InvoiceRecord,
  at: Date,
): Promise<void> {
  await updateInvoice(context, unit, invoice, {
    state: "paid",
    amount_paid: invoice.total,
    paid_at: at,
    next_attempt_at: null,
    failure_code: null,
    failure_message: null,
  });
  await post(context, unit, invoice, `payment:${invoice.id}`, paymentPosting(invoice.total), at);
  await unit.publish(context.database, {
    type: "invoice.paid",
    account_id: invoice.account_id,
    data: invoiceFacts(invoice),
  });
}

async function markDeclined(
  context: BillingContext,
  unit: Unit,
  invoice: InvoiceRecord,
  { code, message }: { code: string; message: string },
): Promise<void> {
  await updateInvoice(context, unit, invoice, { failure_code: code, failure_message: message });
  await unit.publish(context.database, {
    type: "invoice.payment_failed",
    account_id: invoice.account_id,
    data: { ...invoiceFacts(invoice), payment_failure: { code, message } },
  });
}

function invoiceFacts(invoice: InvoiceRecord) {
  return {
    invoice_id: invoice.id,
    subscription_id: invoice.subscription_id,
    amount: { amount: invoice.total, currency: invoice.currency },
  };
}
