import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator, viewer } from "../../../../testing/index.ts";
import { startTestBilling, type Subscription, type TestBilling } from "../test-billing.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

async function change(accountId: string, subscription: Subscription, body: object, query = "") {
  const headers = { "if-match": subscription.etag };
  return billing
    .as(viewer(accountId))
    .patch(`/v1/subscriptions/${subscription.id}${query}`, { body, headers });
}

function usd(amount: number) {
  return { price: { amount, currency: "USD" } };
}

describe("another plan", () => {
  it("counts at once and is settled on the next invoice", async () => {
    const account = await billing.createAccount();
    const basic = await billing.createPlan();
    const premium = await billing.createPlan({ ...usd(3000), max_streams: 4 });
    const subscription = await billing.subscribe(account, basic.id);
    // Half of the period's 30 days, whatever the month.
    const start = new Date(subscription.current_period_start).getTime();
    const end = new Date(subscription.current_period_end).getTime();
    await billing.advanceTo(new Date((start + end) / 2));
    const changed = await change(account, subscription, { plan_id: premium.id });
    expect(changed.json()).toMatchObject({ plan: { id: premium.id }, price: { amount: 3000 } });
    expect(await billing.entitlement(account)).toMatchObject({ maxStreams: 4 });
    const [draft] = await billing.invoices(account);
    expect(draft).toMatchObject({ state: "draft", total: { amount: 1000 } });
    expect(draft?.number).toBeUndefined();
    await billing.advanceTo(subscription.current_period_end);
    const [renewal] = await billing.invoices(account);
    expect(renewal?.lines.map(({ amount }) => amount.amount)).toEqual([-500, 1500, 3000]);
    expect(renewal).toMatchObject({ state: "paid", subtotal: { amount: 4000 }, total: { amount: 4000 } });
    expect(await billing.events(account)).toContain("subscription.changed");
  });

  it("up and down again at one instant costs nothing", async () => {
    const account = await billing.createAccount();
    const basic = await billing.createPlan();
    const premium = await billing.createPlan(usd(2999));
    const subscription = await billing.subscribe(account, basic.id);
    await billing.advanceDays(7);
    const up: Subscription = (await change(account, subscription, { plan_id: premium.id })).json();
    await change(account, up, { plan_id: basic.id });
    expect((await billing.invoices(account))[0]).toMatchObject({ state: "draft", total: { amount: 0 } });
  });

  it("that is much cheaper leaves credit for later invoices", async () => {
    const account = await billing.createAccount();
    const premium = await billing.createPlan(usd(3000));
    const basic = await billing.createPlan();
    const subscription = await billing.subscribe(account, premium.id);
    await change(account, subscription, { plan_id: basic.id });
    await billing.advanceTo(subscription.current_period_end);
    expect(await billing.latestInvoice(subscription.id)).toMatchObject({
      state: "paid",
      subtotal: { amount: -1000 },
      credit_applied: { amount: -1000 },
      total: { amount: 0 },
    });
    await billing.advanceDays(31);
    expect(await billing.latestInvoice(subscription.id)).toMatchObject({
      state: "paid",
      subtotal: { amount: 1000 },
      credit_applied: { amount: 1000 },
      total: { amount: 0 },
      attempt_count: 0,
    });
    await billing.advanceDays(31);
    const third = await billing.latestInvoice(subscription.id);
    expect(third).toMatchObject({ total: { amount: 1000 } });
    expect(third.credit_applied).toBeUndefined();
  });

  it("with another interval begins a new period, billed at once", async () => {
    const account = await billing.createAccount();
    const monthly = await billing.createPlan();
    const yearly = await billing.createPlan({ ...usd(10_000), interval: "year" });
    const subscription = await billing.subscribe(account, monthly.id);
    const changed: Subscription = (await change(account, subscription, { plan_id: yearly.id })).json();
    expect(changed.current_period_start).toBe(subscription.current_period_start);
    expect(new Date(changed.current_period_end).getUTCFullYear()).toBe(
      new Date(changed.current_period_start).getUTCFullYear() + 1,
    );
    const invoice = await billing.latestInvoice(subscription.id);
    expect(invoice).toMatchObject({ state: "paid", total: { amount: 9000 } });
    expect(invoice.lines.map(({ amount }) => amount.amount)).toEqual([-1000, 10_000]);
  });

  it("with another interval changes nothing when its payment is declined", async () => {
    const account = await billing.createAccount();
    const monthly = await billing.createPlan();
    const yearly = await billing.createPlan({ ...usd(10_000), interval: "year" });
    const subscription = await billing.subscribe(account, monthly.id, "pm_card_renewal_declined");
    const answer = await change(account, subscription, { plan_id: yearly.id });
    expect(answer.json()).toMatchObject({ status: 402, code: "payment_declined" });
    expect(await billing.subscription(subscription.id)).toEqual(subscription);
    expect(await billing.invoices(account)).toHaveLength(1);
  });

  it("in a trial goes on with the trial", async () => {
    const account = await billing.createAccount();
    const basic = await billing.createPlan({ trial_days: 7 });
    const premium = await billing.createPlan(usd(3000));
    const subscription = await billing.subscribe(account, basic.id);
    const changed: Subscription = (await change(account, subscription, { plan_id: premium.id })).json();
    expect(changed).toMatchObject({ state: "trialing", trial_end: subscription.trial_end });
    await billing.advanceDays(7);
    expect(await billing.invoices(account)).toMatchObject([{ total: { amount: 3000 } }]);
  });

  it("must be active, known and in the same currency", async () => {
    const account = await billing.createAccount();
    const subscription = await billing.subscribe(account, (await billing.createPlan()).id);
    const euros = await billing.createPlan({ price: { amount: 900, currency: "EUR" } });
    const inactive = await billing.createPlan({ active: false });
    const code = async (plan_id: string) => (await change(account, subscription, { plan_id })).json().code;
    expect(await code(euros.id)).toBe("plan_currency_differs");
    expect(await code(inactive.id)).toBe("plan_not_active");
    expect(await code("pln_01k9v3c4x5e6f7g8h9j0kmnpqr")).toBe("plan_not_found");
  });
});

describe("another payment method", () => {
  it("pays what is due at once", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    const subscription = await billing.subscribe(account, plan.id, "pm_card_declined");
    const refused = await change(account, subscription, { payment_method: "pm_card_insufficient_funds" });
    expect(refused.json()).toMatchObject({ status: 402, code: "payment_declined" });
    expect(refused.json().detail).toContain("insufficient_funds");
    expect(await billing.subscription(subscription.id)).toEqual(subscription);
    const before = await billing.charges();
    const query = "?validate_only=true";
    const checked = await change(account, subscription, { payment_method: "pm_card_visa" }, query);
    expect(checked.json().state).toBe("active");
    expect(await billing.charges()).toBe(before);
    const paid = await change(account, subscription, { payment_method: "pm_card_visa" });
    expect(paid.json()).toMatchObject({ state: "active", entitled: true });
    expect(paid.json().payment_failure).toBeUndefined();
    expect(await billing.invoices(account)).toMatchObject([{ state: "paid", attempt_count: 2 }]);
  });

  it("is needed before the plan of a past due subscription changes, and may come with it", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    const other = await billing.createPlan(usd(2000));
    const { id } = await billing.subscribe(account, plan.id, "pm_card_renewal_declined");
    await billing.advanceDays(31);
    const late = await billing.subscription(id);
    expect(late.state).toBe("past_due");
    const refused = await change(account, late, { plan_id: other.id });
    expect(refused.json()).toMatchObject({ status: 409, code: "subscription_not_paid" });
    const both = await change(account, late, { plan_id: other.id, payment_method: "pm_card_visa" });
    expect(both.json()).toMatchObject({ state: "active", plan: { id: other.id } });
  });
});

describe("a change", () => {
  it("is made from the present state, by the account itself or staff", async () => {
    const account = await billing.createAccount();
    const stranger = await billing.createAccount();
    const plan = await billing.createPlan();
    const subscription = await billing.subscribe(account, plan.id);
    const url = `/v1/subscriptions/${subscription.id}`;
    const body = { payment_method: "pm_card_mastercard" };
    const own = billing.as(viewer(account));
    expect((await own.patch(url, { body })).statusCode).toBe(428);
    expect((await own.patch(url, { body, headers: { "if-match": '"99"' } })).statusCode).toBe(412);
    const foreign = await change(stranger, subscription, body);
    expect(foreign.json()).toMatchObject({ status: 404, code: "subscription_not_found" });
    const headers = { "if-match": subscription.etag };
    expect((await billing.as(operator("support")).patch(url, { body, headers })).statusCode).toBe(403);
    expect((await billing.as(operator()).patch(url, { body, headers })).statusCode).toBe(200);
    await own.post(`${url}/cancel`, { body: { at_period_end: false } });
    const ended = await change(account, await billing.subscription(subscription.id), body);
    expect(ended.json().code).toBe("subscription_ended");
  });
});
