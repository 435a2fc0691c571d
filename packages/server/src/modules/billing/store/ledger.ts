import { sql } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import type { LedgerAccount, Posting } from "../postings.ts";
import type { InvoiceLineRow, InvoiceRow } from "../tables.ts";

type Context = Pick<BillingContext, "database">;

const ledgerAccounts: readonly LedgerAccount[] = [
  "cash",
  "receivable",
  "customer_credit",
  "deferred_revenue",
  "revenue",
];

/** Books one transaction of an invoice. `transaction` names what it records; a second booking of the same fails. */
export async function post(
  { database }: Context,
  unit: Unit,
  invoice: Pick<InvoiceRow, "account_id" | "id" | "currency">,
  transaction: string,
  posting: Posting,
  at: Date,
): Promise<void> {
  const entries = ledgerAccounts.flatMap((account) => {
    const amount = posting[account] ?? 0;
    return amount === 0
      ? []
      : [
          {
            account_id: invoice.account_id,
            transaction,
            ledger_account: account,
            currency: invoice.currency,
            amount,
            invoice_id: invoice.id,
            created_at: at,
          },
        ];
  });
  if (entries.length > 0) await unit.on(database).insertInto("ledger_entries").values(entries).execute();
}

/** What is owed to the account, at least 0. */
export async function creditBalance(
  { database }: Context,
  unit: Unit,
  accountId: string,
  currency: string,
): Promise<number> {
  const { balance } = await unit
    .on(database)
    .selectFrom("ledger_entries")
    .select(sql<number>`coalesce(-sum(amount), 0)::bigint`.as("balance"))
    .where("account_id", "=", accountId)
    .where("ledger_account", "=", "customer_credit")
    .where("currency", "=", currency)
    .executeTakeFirstOrThrow();
  return balance;
}

export type EarnedLine = Pick<InvoiceLineRow, "account_id" | "invoice_id" | "position" | "amount"> & {
  currency: string;
};

/** Paid lines of a subscription, ended by a time, whose revenue is not recognised yet. */
export async function listUnrecognised(
  { database }: Context,
  unit: Unit,
  subscription: { account_id: string; id: string },
  endedBy: Date | undefined,
): Promise<EarnedLine[]> {
  let query = unit
    .on(database)
    .selectFrom("invoice_lines as line")
    .innerJoin("invoices as invoice", (join) =>
      join.onRef("invoice.account_id", "=", "line.account_id").onRef("invoice.id", "=", "line.invoice_id"),
    )
    .select(["line.account_id", "line.invoice_id", "line.position", "line.amount", "invoice.currency"])
    .where("invoice.account_id", "=", subscription.account_id)
    .where("invoice.subscription_id", "=", subscription.id)
    .where("invoice.state", "=", "paid")
    .where("line.amount", "<>", 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("ledger_entries as entry")
            .select("entry.amount")
            .whereRef("entry.account_id", "=", "line.account_id")
            .where(
              "entry.transaction",
              "=",
              sql<string>`'recognition:' || line.invoice_id || ':' || line.position`,
            ),
        ),
      ),
    );
  if (endedBy !== undefined) query = query.where("line.period_end", "<=", endedBy);
  return query.orderBy("line.invoice_id").orderBy("line.position").execute();
}

/** The name of the transaction that recognises a line's revenue. */
export function recognitionOf({ invoice_id, position }: EarnedLine): string {
  return `recognition:${invoice_id}:${position}`;
}
