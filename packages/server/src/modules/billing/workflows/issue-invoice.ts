import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { amountsOf, issuePosting } from "../postings.ts";
import type { Period } from "../periods.ts";
import {
  findInvoice,
  findInvoiceInState,
  insertInvoice,
  insertLines,
  nextInvoiceNumber,
  updateInvoice,
  type InvoiceRecord,
} from "../store/invoices.ts";
import { creditBalance, post } from "../store/ledger.ts";
import type { SubscriptionRecord } from "../store/subscriptions.ts";

export interface NewLine {
  description: string;
  amount: number;
  period: Period;
  proration: boolean;
}

/** Puts lines on the subscription's next invoice, a draft until it is issued. */
export async function addLines(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  lines: NewLine[],
  at: Date,
): Promise<InvoiceRecord> {
  const draft =
    (await findInvoiceInState(context, unit, subscription.id, "draft")) ??
    (await createDraft(context, unit, subscription, at));
  const rows = lines.map(({ description, amount, period, proration }, index) => ({
    account_id: draft.account_id,
    invoice_id: draft.id,
    position: draft.lines.length + index + 1,
    description,
    amount,
    period_start: period.start,
    period_end: period.end,
    proration,
  }));
  await insertLines(context, unit, rows);
  const { subtotal } = amountsOf([...draft.lines, ...rows], 0);
  await updateInvoice(context, unit, draft, { subtotal, total: subtotal });
  return readInvoice(context, unit, draft.id);
}

/** Gives a draft its number and its total, and books it. From here on it does not change in substance. */
export async function issueInvoice(
  context: BillingContext,
  unit: Unit,
  draft: InvoiceRecord,
  at: Date,
): Promise<InvoiceRecord> {
  const balance = await creditBalance(context, unit, draft.account_id, draft.currency);
  const amounts = amountsOf(draft.lines, balance);
  const year = at.getUTCFullYear();
  const sequence = await nextInvoiceNumber(context, unit, year);
  await updateInvoice(context, unit, draft, {
    state: "open",
    number: `FLX-${year}-${String(sequence).padStart(6, "0")}`,
    subtotal: amounts.subtotal,
    credit_applied: amounts.creditApplied,
    total: amounts.total,
    issued_at: at,
  });
  await post(context, unit, draft, `issue:${draft.id}`, issuePosting(amounts), at);
  return readInvoice(context, unit, draft.id);
}

async function createDraft(
  context: BillingContext,
  unit: Unit,
  subscription: SubscriptionRecord,
  at: Date,
): Promise<InvoiceRecord> {
  const id = context.ids.next("inv");
  await insertInvoice(context, unit, {
    account_id: subscription.account_id,
    id,
    subscription_id: subscription.id,
    state: "draft",
    currency: subscription.plan.currency,
    subtotal: 0,
    total: 0,
    created_at: at,
  });
  return readInvoice(context, unit, id);
}

async function readInvoice(context: BillingContext, unit: Unit, id: string): Promise<InvoiceRecord> {
  const invoice = await findInvoice(context, unit, id);
  if (!invoice) throw new Error(`The invoice ${id} was written and is not there`);
  return invoice;
}
