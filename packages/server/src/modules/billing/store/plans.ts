import { sql, type Insertable, type Selectable, type Updateable } from "kysely";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import type { PlansTable } from "../tables.ts";

type Context = Pick<BillingContext, "database">;

/** A plan with the amount that new subscriptions pay. */
export type PlanRecord = Selectable<PlansTable> & { amount: number };

export async function findPlan(context: Context, unit: Unit, id: string): Promise<PlanRecord | undefined> {
  return selectPlans(context, unit).where("plans.id", "=", id).executeTakeFirst();
}

export async function lockPlan(context: Context, unit: Unit, id: string): Promise<PlanRecord | undefined> {
  return selectPlans(context, unit).where("plans.id", "=", id).forUpdate("plans").executeTakeFirst();
}

export async function findPlans(
  context: Context,
  unit: Unit,
  ids: string[],
): Promise<Map<string, PlanRecord>> {
  if (ids.length === 0) return new Map();
  const rows = await selectPlans(context, unit).where("plans.id", "in", ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export interface PlanListing {
  activeOnly: boolean;
  after: { amount: number; id: string } | undefined;
  limit: number;
}

/** Cheapest first. Plans are few: they are sorted where they are read. */
export async function listPlanRecords(
  context: Context,
  unit: Unit,
  { activeOnly, after, limit }: PlanListing,
): Promise<PlanRecord[]> {
  return selectPlans(context, unit)
    .$if(activeOnly, (query) => query.where("plans.active", "=", true))
    .$if(after !== undefined, (query) =>
      query.where(
        // As numeric, since a cursor may hold any number.
        sql<boolean>`(price.amount, plans.id) > (${after?.amount ?? 0}::numeric, ${after?.id ?? ""})`,
      ),
    )
    .orderBy("price.amount")
    .orderBy("plans.id")
    .limit(limit)
    .execute();
}

export async function insertPlan(
  { database }: Context,
  unit: Unit,
  plan: Omit<Insertable<PlansTable>, "price_number">,
  amount: number,
): Promise<void> {
  await unit
    .on(database)
    .insertInto("plans")
    .values({ ...plan, price_number: 1 })
    .execute();
  await unit
    .on(database)
    .insertInto("plan_prices")
    .values({ plan_id: plan.id, number: 1, amount, created_at: plan.created_at })
    .execute();
}

/** Adds a price; earlier ones stay for the subscriptions that agreed to them. */
export async function insertPrice(
  { database }: Context,
  unit: Unit,
  price: { plan_id: string; number: number; amount: number; created_at: Date },
): Promise<void> {
  await unit.on(database).insertInto("plan_prices").values(price).execute();
}

export async function updatePlanRow(
  { database }: Context,
  unit: Unit,
  id: string,
  changes: Updateable<PlansTable>,
): Promise<void> {
  await unit
    .on(database)
    .updateTable("plans")
    .set((eb) => ({ ...changes, version: eb("version", "+", 1) }))
    .where("id", "=", id)
    .execute();
}

function selectPlans({ database }: Context, unit: Unit) {
  return unit
    .on(database)
    .selectFrom("plans")
    .innerJoin("plan_prices as price", (join) =>
      join.onRef("price.plan_id", "=", "plans.id").onRef("price.number", "=", "plans.price_number"),
    )
    .selectAll("plans")
    .select("price.amount");
}
