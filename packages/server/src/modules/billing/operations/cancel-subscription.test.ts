import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { viewer } from "../../../../testing/index.ts";
import { startTestBilling, type TestBilling } from "../test-billing.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

async function ask(accountId: string, subscriptionId: string, verb: "cancel" | "resume", body?: object) {
  const url = `/v1/subscriptions/${subscriptionId}/${verb}`;
  return billing.as(viewer(accountId)).post(url, body === undefined ? {} : { body });
}

describe("canceling", () => {
  it("at the period's end keeps what is paid and renews no more", async () => {
    const account = await billing.createAccount();
    const subscription = await billing.subscribe(account, (await billing.createPlan()).id);
    const canceled = (await ask(account, subscription.id, "cancel", {})).json();
    expect(canceled).toMatchObject({ state: "active", entitled: true, cancel_at_period_end: true });
    expect(canceled.canceled_at).toBeDefined();
    await billing.advanceTo(new Date(new Date(subscription.current_period_end).getTime() - 1));
    expect((await billing.entitlement(account)).entitled).toBe(true);
    await billing.advanceTo(subscription.current_period_end);
    expect(await billing.subscription(subscription.id)).toMatchObject({ state: "canceled", entitled: false });
    expect(await billing.entitlement(account)).toEqual({ entitled: false, reason: "ended" });
    await billing.advanceDays(60);
    expect(await billing.invoices(account)).toHaveLength(1);
    expect(await billing.events(account)).toContain("subscription.canceled");
  });

  it("at once ends it at once; again, it is answered as it is", async () => {
    const account = await billing.createAccount();
    const { id } = await billing.subscribe(account, (await billing.createPlan()).id);
    const canceled = await ask(account, id, "cancel", { at_period_end: false });
    expect(canceled.json()).toMatchObject({ state: "canceled", entitled: false });
    expect((await ask(account, id, "cancel", {})).json()).toEqual(canceled.json());
    expect((await ask(account, id, "resume")).json().code).toBe("subscription_ended");
  });

  it("settles a dearer plan that no invoice has charged yet", async () => {
    const account = await billing.createAccount();
    const basic = await billing.createPlan();
    const premium = await billing.createPlan({ price: { amount: 3000, currency: "USD" } });
    const { id, etag } = await billing.subscribe(account, basic.id);
    const change = { body: { plan_id: premium.id }, headers: { "if-match": etag } };
    await billing.as(viewer(account)).patch(`/v1/subscriptions/${id}`, change);
    await ask(account, id, "cancel", { at_period_end: false });
    expect(await billing.latestInvoice(id)).toMatchObject({ state: "paid", total: { amount: 2000 } });
  });

  it("a trial at its end costs nothing", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan({ trial_days: 7 });
    const { id } = await billing.subscribe(account, plan.id);
    await ask(account, id, "cancel", {});
    await billing.advanceDays(8);
    expect((await billing.subscription(id)).state).toBe("canceled");
    expect(await billing.invoices(account)).toEqual([]);
  });

  it("a past due one ends at once and gives its invoice up", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    const { id } = await billing.subscribe(account, plan.id, "pm_card_renewal_declined");
    await billing.advanceDays(31);
    expect((await ask(account, id, "cancel", {})).json()).toMatchObject({
      state: "canceled",
      entitled: false,
    });
    expect((await billing.latestInvoice(id)).state).toBe("uncollectible");
  });

  it("only checks with validate_only", async () => {
    const account = await billing.createAccount();
    const subscription = await billing.subscribe(account, (await billing.createPlan()).id);
    const url = `/v1/subscriptions/${subscription.id}/cancel?validate_only=true`;
    const answer = await billing.as(viewer(account)).post(url, { body: { at_period_end: false } });
    expect(answer.json().state).toBe("canceled");
    expect(await billing.subscription(subscription.id)).toEqual(subscription);
  });
});

describe("resuming", () => {
  it("takes a cancellation back, and the subscription renews", async () => {
    const account = await billing.createAccount();
    const { id } = await billing.subscribe(account, (await billing.createPlan()).id);
    await ask(account, id, "cancel", {});
    const resumed = (await ask(account, id, "resume")).json();
    expect(resumed).toMatchObject({ state: "active", cancel_at_period_end: false });
    expect(resumed.canceled_at).toBeUndefined();
    expect((await ask(account, id, "resume")).json().code).toBe("subscription_not_canceling");
    await billing.advanceDays(31);
    expect(await billing.subscription(id)).toMatchObject({ state: "active" });
    expect(await billing.invoices(account)).toHaveLength(2);
  });

  it("is too late once the period is over, though nothing has ended it yet", async () => {
    const account = await billing.createAccount();
    const { id } = await billing.subscribe(account, (await billing.createPlan()).id);
    await ask(account, id, "cancel", {});
    billing.clock.advance(32 * 86_400_000);
    expect((await ask(account, id, "resume")).json().code).toBe("subscription_ended");
    await billing.runJob("billing.renew");
    expect((await billing.subscription(id)).state).toBe("canceled");
  });
});

describe("another account's subscription", () => {
  it("is not there", async () => {
    const [account, stranger] = [await billing.createAccount(), await billing.createAccount()];
    const { id, latest_invoice_id } = await billing.subscribe(account, (await billing.createPlan()).id);
    for (const verb of ["cancel", "resume"] as const)
      expect((await ask(stranger, id, verb, verb === "cancel" ? {} : undefined)).json()).toMatchObject({
        status: 404,
        code: "subscription_not_found",
      });
    const asStranger = billing.as(viewer(stranger));
    expect((await asStranger.get(`/v1/subscriptions/${id}`)).json().code).toBe("subscription_not_found");
    expect((await asStranger.get(`/v1/invoices/${latest_invoice_id}`)).json().code).toBe("invoice_not_found");
    const foreign = await asStranger.get(`/v1/invoices?account_id=${account}`);
    expect(foreign.json().code).toBe("account_not_found");
  });
});
