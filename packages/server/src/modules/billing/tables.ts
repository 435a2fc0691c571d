import type { Generated, Selectable } from "kysely";
import type { LedgerAccount } from "./postings.ts";
import type { SubscriptionState } from "./lifecycle.ts";
import type { BillingInterval } from "./periods.ts";

export interface BillingTables {
  plans: PlansTable;
  plan_prices: { plan_id: string; number: number; amount: number; created_at: Date };
  customers: {
    account_id: string;
    provider_customer: string | null;
    trial_used_at: Date | null;
    created_at: Date;
  };
  subscriptions: SubscriptionsTable;
  invoices: InvoicesTable;
  invoice_lines: InvoiceLinesTable;
  invoice_numbers: { year: number; last: number };
  payment_attempts: {
    account_id: string;
    invoice_id: string;
    number: number;
    amount: number;
    charge_id: string;
    failure_code: string | null;
    failure_message: string | null;
    created_at: Date;
  };
  ledger_entries: {
    account_id: string;
    transaction: string;
    ledger_account: LedgerAccount;
    currency: string;
    amount: number;
    invoice_id: string;
    created_at: Date;
  };
}

export interface PlansTable {
  id: string;
  name: string;
  currency: string;
  interval: BillingInterval;
  price_number: number;
  trial_days: number;
  max_streams: number;
  max_height: number;
  active: boolean;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface SubscriptionsTable {
  account_id: string;
  id: string;
  plan_id: string;
  price_number: number;
  state: SubscriptionState;
  anchor_at: Date;
  period_start: Date;
  period_end: Date;
  trial_end: Date | null;
  cancel_at_period_end: Generated<boolean>;
  canceled_at: Date | null;
  payment_method: string | null;
  latest_invoice_id: string | null;
  failure_code: string | null;
  failure_message: string | null;
  due_at: Date | null;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export type InvoiceState = "draft" | "open" | "paid" | "void" | "uncollectible";

export interface InvoicesTable {
  account_id: string;
  id: string;
  subscription_id: string;
  state: InvoiceState;
  number: string | null;
  currency: string;
  subtotal: number;
  credit_applied: Generated<number>;
  total: number;
  amount_paid: Generated<number>;
  attempt_count: Generated<number>;
  next_attempt_at: Date | null;
  failure_code: string | null;
  failure_message: string | null;
  created_at: Date;
  issued_at: Date | null;
  paid_at: Date | null;
}

interface InvoiceLinesTable {
  account_id: string;
  invoice_id: string;
  position: number;
  description: string;
  amount: number;
  period_start: Date;
  period_end: Date;
  proration: boolean;
}

export type InvoiceRow = Selectable<InvoicesTable>;
export type InvoiceLineRow = Selectable<InvoiceLinesTable>;
