import { sql, type Insertable, type Selectable, type Updateable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import type { SubscriptionState } from "../lifecycle.ts";
import type { SubscriptionsTable } from "../tables.ts";
import type { TimePlace } from "../time-cursor.ts";
import { findPlans, type PlanRecord } from "./plans.ts";

type Context = Pick<BillingContext, "database">;

/** A subscription with its plan, the amount that it agreed to, and since when an invoice of it is open. */
export interface SubscriptionRecord extends Selectable<SubscriptionsTable> {
  amount: number;
  open_since: Date | null;
  plan: PlanRecord;
}

export async function findSubscription(
  context: Context,
  unit: Unit,
  id: string,
): Promise<SubscriptionRecord | undefined> {
  const rows = await selectSubscriptions(context, unit).where("subscriptions.id", "=", id).execute();
  return (await withPlans(context, unit, rows)).at(0);
}

/** The one that is not canceled, else the latest. */
export async function findLatestSubscription(
  context: Context,
  unit: Unit,
  accountId: string,
): Promise<SubscriptionRecord | undefined> {
  const rows = await selectSubscriptions(context, unit)
    .where("subscriptions.account_id", "=", accountId)
    .orderBy((eb) => eb("subscriptions.state", "=", "canceled"))
    .orderBy("subscriptions.created_at", "desc")
    .orderBy("subscriptions.id", "desc")
    .limit(1)
    .execute();
  return (await withPlans(context, unit, rows)).at(0);
}

export interface SubscriptionListing {
  accountId: string | undefined;
  planId: string | undefined;
  state: SubscriptionState | undefined;
  after: TimePlace | undefined;
  limit: number;
}

export async function listSubscriptionRecords(
  context: Context,
  unit: Unit,
  { accountId, planId, state, after, limit }: SubscriptionListing,
): Promise<SubscriptionRecord[]> {
  let query = selectSubscriptions(context, unit);
  if (accountId !== undefined) query = query.where("subscriptions.account_id", "=", accountId);
  if (planId !== undefined) query = query.where("subscriptions.plan_id", "=", planId);
  if (state !== undefined) query = query.where("subscriptions.state", "=", state);
  if (after !== undefined)
    query = query.where(
      sql<boolean>`(subscriptions.created_at, subscriptions.id) < (${after.time}, ${after.id})`,
    );
  const rows = await query
    .orderBy("subscriptions.created_at", "desc")
    .orderBy("subscriptions.id", "desc")
    .limit(limit)
    .execute();
  return withPlans(context, unit, rows);
}

export interface DueSubscription {
  id: string;
  account_id: string;
  due_at: Date;
}

/** What falls due up to a time, the earliest first. */
export async function listDue(
  { database }: Context,
  unit: Unit,
  until: Date,
  { after, limit }: { after?: DueSubscription; limit: number },
): Promise<DueSubscription[]> {
  let query = unit
    .on(database)
    .selectFrom("subscriptions")
    .select(["id", "account_id"])
    .select((eb) => eb.ref("due_at").$notNull().as("due_at"))
    .where("due_at", "<=", until);
  if (after !== undefined) query = query.where(sql<boolean>`(due_at, id) > (${after.due_at}, ${after.id})`);
  return query.orderBy("due_at").orderBy("id").limit(limit).execute();
}

export async function insertSubscription(
  { database }: Context,
  unit: Unit,
  subscription: Insertable<SubscriptionsTable>,
): Promise<void> {
  await unit.on(database).insertInto("subscriptions").values(subscription).execute();
}

export async function updateSubscription(
  { database }: Context,
  unit: Unit,
  { account_id, id }: { account_id: string; id: string },
  changes: Updateable<SubscriptionsTable>,
): Promise<void> {
  await unit
    .on(database)
    .updateTable("subscriptions")
    .set((eb) => ({ ...changes, version: eb("version", "+", 1) }))
    .where("account_id", "=", account_id)
    .where("id", "=", id)
    .execute();
}

/** Forgets how the account paid. */
export async function forgetPaymentMethods(
  { database }: Context,
  unit: Unit,
  accountId: string,
): Promise<void> {
  await unit
    .on(database)
    .updateTable("subscriptions")
    .set({ payment_method: null })
    .where("account_id", "=", accountId)
    .execute();
}

function selectSubscriptions({ database }: Context, unit: Unit) {
  return unit
    .on(database)
    .selectFrom("subscriptions")
    .innerJoin("plan_prices as price", (join) =>
      join
        .onRef("price.plan_id", "=", "subscriptions.plan_id")
        .onRef("price.number", "=", "subscriptions.price_number"),
    )
    .selectAll("subscriptions")
    .select("price.amount")
    .select((eb) =>
      eb
        .selectFrom("invoices")
        .select((open) => open.fn.min("issued_at").as("open_since"))
        .whereRef("invoices.subscription_id", "=", "subscriptions.id")
        .where("invoices.state", "=", "open")
        .as("open_since"),
    );
}

async function withPlans(
  context: Context,
  unit: Unit,
  rows: Omit<SubscriptionRecord, "plan">[],
): Promise<SubscriptionRecord[]> {
  const plans = await findPlans(context, unit, [...new Set(rows.map(({ plan_id }) => plan_id))]);
  return rows.flatMap((row) => {
    const plan = plans.get(row.plan_id);
    return plan ? [{ ...row, plan }] : [];
  });
}
