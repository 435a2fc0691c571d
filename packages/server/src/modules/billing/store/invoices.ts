import { sql, type Insertable, type Updateable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import type { BillingTables, InvoiceLineRow, InvoiceRow, InvoicesTable, InvoiceState } from "../tables.ts";
import type { TimePlace } from "../time-cursor.ts";

type Context = Pick<BillingContext, "database">;

export interface InvoiceRecord extends InvoiceRow {
  lines: InvoiceLineRow[];
}

export async function findInvoice(
  context: Context,
  unit: Unit,
  id: string,
): Promise<InvoiceRecord | undefined> {
  const rows = await unit
    .on(context.database)
    .selectFrom("invoices")
    .selectAll()
    .where("id", "=", id)
    .execute();
  return (await withLines(context, unit, rows)).at(0);
}

/** A subscription has one draft and one open invoice at most. */
export async function findInvoiceInState(
  context: Context,
  unit: Unit,
  subscriptionId: string,
  state: "draft" | "open",
): Promise<InvoiceRecord | undefined> {
  const rows = await unit
    .on(context.database)
    .selectFrom("invoices")
    .selectAll()
    .where("subscription_id", "=", subscriptionId)
    .where("state", "=", state)
    .execute();
  return (await withLines(context, unit, rows)).at(0);
}

export interface InvoiceListing {
  accountId: string | undefined;
  subscriptionId: string | undefined;
  state: InvoiceState | undefined;
  after: TimePlace | undefined;
  limit: number;
}

export async function listInvoiceRecords(
  context: Context,
  unit: Unit,
  { accountId, subscriptionId, state, after, limit }: InvoiceListing,
): Promise<InvoiceRecord[]> {
  let query = unit.on(context.database).selectFrom("invoices").selectAll();
  if (accountId !== undefined) query = query.where("account_id", "=", accountId);
  if (subscriptionId !== undefined) query = query.where("subscription_id", "=", subscriptionId);
  if (state !== undefined) query = query.where("state", "=", state);
  if (after !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${after.time}, ${after.id})`);
  const rows = await query.orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).execute();
  return withLines(context, unit, rows);
}

export async function insertInvoice(
  { database }: Context,
  unit: Unit,
  invoice: Insertable<InvoicesTable>,
): Promise<void> {
  await unit.on(database).insertInto("invoices").values(invoice).execute();
}

export async function insertLines({ database }: Context, unit: Unit, lines: InvoiceLineRow[]): Promise<void> {
  if (lines.length > 0) await unit.on(database).insertInto("invoice_lines").values(lines).execute();
}

export async function updateInvoice(
  { database }: Context,
  unit: Unit,
  { account_id, id }: { account_id: string; id: string },
  changes: Updateable<InvoicesTable>,
): Promise<void> {
  await unit
    .on(database)
    .updateTable("invoices")
    .set(changes)
    .where("account_id", "=", account_id)
    .where("id", "=", id)
    .execute();
}

/** The next number of a year; whoever takes one holds the year until the end of the unit. */
export async function nextInvoiceNumber({ database }: Context, unit: Unit, year: number): Promise<number> {
  const { last } = await unit
    .on(database)
    .insertInto("invoice_numbers")
    .values({ year, last: 1 })
    .onConflict((conflict) =>
      conflict.column("year").doUpdateSet((eb) => ({ last: eb("invoice_numbers.last", "+", 1) })),
    )
    .returning("last")
    .executeTakeFirstOrThrow();
  return last;
}

export async function insertAttempt(
  { database }: Context,
  unit: Unit,
  attempt: Insertable<BillingTables["payment_attempts"]>,
): Promise<void> {
  await unit.on(database).insertInto("payment_attempts").values(attempt).execute();
}

async function withLines({ database }: Context, unit: Unit, rows: InvoiceRow[]): Promise<InvoiceRecord[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const accounts = [...new Set(rows.map(({ account_id }) => account_id))];
  const lines = await unit
    .on(database)
    .selectFrom("invoice_lines")
    .selectAll()
    .where("account_id", "in", accounts)
    .where("invoice_id", "in", ids)
    .orderBy("invoice_id")
    .orderBy("position")
    .execute();
  const byInvoice = Map.groupBy(lines, ({ invoice_id }) => invoice_id);
  return rows.map((row) => ({ ...row, lines: byInvoice.get(row.id) ?? [] }));
}
