import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBilling, type TestBilling } from "./test-billing.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

async function sayDeleted(account_id: string): Promise<void> {
  const { units, database } = billing.kernel;
  await units.write((unit) =>
    unit.publish(database("users"), { type: "account.deleted", account_id, data: {} }),
  );
  await billing.deliverEvents();
}

describe("a deleted account", () => {
  it("is charged no more; how it paid is forgotten, its invoices and the books stay", async () => {
    const account = await billing.createAccount();
    const { id } = await billing.subscribe(account, (await billing.createPlan()).id);
    const booked = await billing.ledger();
    await sayDeleted(account);
    expect(await billing.subscription(id)).toMatchObject({ state: "canceled", entitled: false });
    expect(await billing.entitlement(account)).toEqual({ entitled: false, reason: "ended" });
    await billing.advanceDays(60);
    expect(await billing.invoices(account)).toMatchObject([{ state: "paid" }]);
    expect((await billing.ledger())["cash"]).toBe(booked["cash"]);
    const { root } = billing.kernel.database("billing");
    const { rows } = await sql`
      select 1 from billing.sandbox_customers where account_id = ${account}
      union all select 1 from billing.customers where account_id = ${account} and provider_customer is not null
      union all select 1 from billing.subscriptions where account_id = ${account} and payment_method is not null`.execute(
      root,
    );
    expect(rows).toEqual([]);
  });

  it("owes nothing more, and hearing of it twice changes nothing", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    const { id } = await billing.subscribe(account, plan.id, "pm_card_renewal_declined");
    await billing.advanceDays(31);
    await sayDeleted(account);
    const after = await billing.subscription(id);
    expect((await billing.latestInvoice(id)).state).toBe("uncollectible");
    await sayDeleted(account);
    expect(await billing.subscription(id)).toEqual(after);
  });

  it("that never subscribed is nothing to billing", async () => {
    const account = await billing.createAccount();
    await sayDeleted(account);
    expect(await billing.entitlement(account)).toEqual({ entitled: false, reason: "no_subscription" });
  });
});
