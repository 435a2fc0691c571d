import type { Selectable, Updateable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import type { BillingTables } from "../tables.ts";

type Context = Pick<BillingContext, "database">;

export type CustomerRow = Selectable<BillingTables["customers"]>;

/**
 * Locks the account's billing for this unit. Whatever changes a subscription or an invoice takes this lock first, then
 * the row of invoice numbers: one order for all, so that no two wait for each other.
 */
export async function lockCustomer(
  { database }: Context,
  unit: Unit,
  accountId: string,
  at: Date,
): Promise<CustomerRow> {
  await unit
    .on(database)
    .insertInto("customers")
    .values({ account_id: accountId, provider_customer: null, trial_used_at: null, created_at: at })
    .onConflict((conflict) => conflict.column("account_id").doNothing())
    .execute();
  return unit
    .on(database)
    .selectFrom("customers")
    .selectAll()
    .where("account_id", "=", accountId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

export async function findCustomer(
  { database }: Context,
  unit: Unit,
  accountId: string,
): Promise<CustomerRow | undefined> {
  return unit
    .on(database)
    .selectFrom("customers")
    .selectAll()
    .where("account_id", "=", accountId)
    .executeTakeFirst();
}

/** Locks every account of which something falls due up to a time, in one order. */
export async function lockDueCustomers({ database }: Context, unit: Unit, until: Date): Promise<void> {
  await unit
    .on(database)
    .selectFrom("customers")
    .select("account_id")
    .where("account_id", "in", (due) =>
      due.selectFrom("subscriptions").select("account_id").where("due_at", "<=", until),
    )
    .orderBy("account_id")
    .forUpdate()
    .execute();
}

export async function updateCustomer(
  { database }: Context,
  unit: Unit,
  accountId: string,
  changes: Updateable<BillingTables["customers"]>,
): Promise<void> {
  await unit.on(database).updateTable("customers").set(changes).where("account_id", "=", accountId).execute();
}
