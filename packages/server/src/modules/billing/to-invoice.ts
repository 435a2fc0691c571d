import type { components } from "@flix/openapi";
import type { InvoiceRecord } from "./store/invoices.ts";

export function toInvoice(invoice: InvoiceRecord): components["schemas"]["Invoice"] {
  const { currency, number, credit_applied, next_attempt_at, failure_code, failure_message } = invoice;
  const { issued_at, paid_at } = invoice;
  const money = (amount: number) => ({ amount, currency });
  return {
    id: invoice.id,
    ...(number === null ? {} : { number }),
    account_id: invoice.account_id,
    subscription_id: invoice.subscription_id,
    state: invoice.state,
    lines: invoice.lines.map((line) => ({
      description: line.description,
      amount: money(line.amount),
      period_start: line.period_start.toISOString(),
      period_end: line.period_end.toISOString(),
      proration: line.proration,
    })),
    subtotal: money(invoice.subtotal),
    ...(credit_applied === 0 ? {} : { credit_applied: money(credit_applied) }),
    total: money(invoice.total),
    amount_paid: money(invoice.amount_paid),
    amount_due: money(invoice.total - invoice.amount_paid),
    attempt_count: invoice.attempt_count,
    ...(next_attempt_at === null ? {} : { next_attempt_at: next_attempt_at.toISOString() }),
    ...(failure_code === null
      ? {}
      : { payment_failure: { code: failure_code, message: failure_message ?? failure_code } }),
    created_at: invoice.created_at.toISOString(),
    ...(issued_at === null ? {} : { issued_at: issued_at.toISOString() }),
    ...(paid_at === null ? {} : { paid_at: paid_at.toISOString() }),
  };
}
