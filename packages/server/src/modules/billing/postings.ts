/**
 * The accounts of the books. `cash` and `receivable` are assets (debit positive); `customer_credit`, what is owed to a
 * viewer after a change to a cheaper plan, and `deferred_revenue`, paid but not yet delivered, are liabilities.
 */
export type LedgerAccount = "cash" | "receivable" | "customer_credit" | "deferred_revenue" | "revenue";

/** One transaction of the double-entry ledger, in minor units of one currency; it sums to 0. */
export type Posting = Partial<Record<LedgerAccount, number>>;

export interface InvoiceAmounts {
  subtotal: number;
  creditApplied: number;
  total: number;
}

/** Uses up the account's credit; an invoice of more credits than charges leaves credit instead (a negative use). */
export function amountsOf(lines: readonly { amount: number }[], creditBalance: number): InvoiceAmounts {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0);
  const creditApplied = Math.min(creditBalance, subtotal);
  return { subtotal, creditApplied, total: subtotal - creditApplied };
}

export function issuePosting({ subtotal, creditApplied, total }: InvoiceAmounts): Posting {
  return { receivable: total, customer_credit: creditApplied, deferred_revenue: -subtotal };
}

export function paymentPosting(amount: number): Posting {
  return { cash: amount, receivable: -amount };
}

/** A line's time has passed: what was paid for it is earned. */
export function recognitionPosting(amount: number): Posting {
  return { deferred_revenue: amount, revenue: -amount };
}

/** Takes the issue back: nothing was paid, so nothing was earned, and the credit is the viewer's again. */
export function writeOffPosting({ subtotal, creditApplied, total }: InvoiceAmounts): Posting {
  return { receivable: -total, customer_credit: -creditApplied, deferred_revenue: subtotal };
}
