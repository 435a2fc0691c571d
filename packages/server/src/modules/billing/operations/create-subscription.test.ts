import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator, viewer } from "../../../../testing/index.ts";
import { startTestBilling, type TestBilling } from "../test-billing.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

describe("subscribing", () => {
  it("charges the first period and entitles at once", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    expect(await billing.entitlement(account)).toEqual({ entitled: false, reason: "no_subscription" });
    const subscription = await billing.subscribe(account, plan.id);
    expect(subscription).toMatchObject({
      state: "active",
      entitled: true,
      price: { amount: 1000, currency: "USD" },
      current_period_start: "2026-11-22T12:00:00.000Z",
      current_period_end: "2026-12-22T12:00:00.000Z",
      cancel_at_period_end: false,
    });
    const [invoice] = await billing.invoices(account);
    expect(invoice).toMatchObject({
      id: subscription.latest_invoice_id,
      state: "paid",
      total: { amount: 1000, currency: "USD" },
      amount_paid: { amount: 1000 },
      amount_due: { amount: 0 },
      attempt_count: 1,
    });
    expect(invoice?.number).toMatch(/^FLX-2026-\d{6}$/);
    expect(await billing.entitlement(account)).toEqual({
      entitled: true,
      planId: plan.id,
      maxStreams: 2,
      maxHeight: 1080,
    });
    expect(await billing.events(account)).toEqual([
      "account.created",
      "invoice.paid",
      "subscription.created",
    ]);
  });

  it.each([
    ["pm_card_declined", "card_declined"],
    ["pm_card_insufficient_funds", "insufficient_funds"],
    ["pm_card_expired", "expired_card"],
  ])("with %s is incomplete and does not entitle", async (method, code) => {
    const account = await billing.createAccount();
    const subscription = await billing.subscribe(account, (await billing.createPlan()).id, method);
    expect(subscription).toMatchObject({ state: "incomplete", entitled: false, payment_failure: { code } });
    expect(await billing.entitlement(account)).toEqual({ entitled: false, reason: "incomplete" });
    expect((await billing.invoices(account)).map(({ state }) => state)).toEqual(["open"]);
    expect(await billing.events(account)).toEqual([
      "account.created",
      "invoice.payment_failed",
      "subscription.created",
    ]);
  });

  it("again takes the place of one that is incomplete, and of no other", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    const first = await billing.subscribe(account, plan.id, "pm_card_declined");
    const second = await billing.subscribe(account, plan.id);
    expect(second.state).toBe("active");
    expect((await billing.subscription(first.id)).state).toBe("canceled");
    expect((await billing.invoices(account)).map(({ state }) => state).toSorted()).toEqual(["paid", "void"]);
    const body = { account_id: account, plan_id: plan.id, payment_method: "pm_card_visa" };
    const third = await billing.as(viewer(account)).post("/v1/subscriptions", { body });
    expect(third.json()).toMatchObject({ status: 409, code: "subscription_exists" });
  });

  it("ends an incomplete one that is not paid within 23 hours", async () => {
    const account = await billing.createAccount();
    const { id } = await billing.subscribe(account, (await billing.createPlan()).id, "pm_card_declined");
    await billing.advanceDays(1);
    expect((await billing.subscription(id)).state).toBe("canceled");
    expect((await billing.invoices(account)).map(({ state }) => state)).toEqual(["void"]);
  });

  it("repeated with the same key charges once and answers alike", async () => {
    const account = await billing.createAccount();
    const { id: plan_id } = await billing.createPlan();
    const before = await billing.charges();
    const request = {
      body: { account_id: account, plan_id, payment_method: "pm_card_visa" },
      headers: { "idempotency-key": "subscribe-once" },
    };
    const asViewer = billing.as(viewer(account));
    const first = await asViewer.post("/v1/subscriptions", request);
    const repeat = await asViewer.post("/v1/subscriptions", request);
    expect(repeat.body).toBe(first.body);
    expect(await billing.charges()).toBe(before + 1);
  });

  it("twice at a time makes one subscription", async () => {
    const account = await billing.createAccount();
    const { id: plan_id } = await billing.createPlan();
    const body = { account_id: account, plan_id, payment_method: "pm_card_visa" };
    const ask = () => billing.as(viewer(account)).post("/v1/subscriptions", { body });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([201, 409, 409]);
    expect(await billing.invoices(account)).toHaveLength(1);
  });

  it("with validate_only checks everything, charges nothing and changes nothing", async () => {
    const account = await billing.createAccount();
    const { id: plan_id } = await billing.createPlan();
    const before = await billing.charges();
    const asViewer = billing.as(viewer(account));
    const ask = (payment_method: string) =>
      asViewer.post("/v1/subscriptions?validate_only=true", {
        body: { account_id: account, plan_id, payment_method },
      });
    expect((await ask("pm_card_visa")).json()).toMatchObject({ state: "active" });
    expect((await ask("pm_card_unheard_of")).json()).toMatchObject({ code: "payment_method_unknown" });
    expect(await billing.charges()).toBe(before);
    expect((await asViewer.get("/v1/subscriptions")).json()).toEqual({ data: [] });
    expect(await billing.invoices(account)).toEqual([]);
  });

  it("refuses what is not there, not active, or another's", async () => {
    const account = await billing.createAccount();
    const other = await billing.createAccount();
    const { id: plan_id } = await billing.createPlan();
    const { id: inactive } = await billing.createPlan({ active: false });
    const ask = async (changes: object) => {
      const body = { account_id: account, plan_id, payment_method: "pm_card_visa", ...changes };
      return (await billing.as(viewer(account)).post("/v1/subscriptions", { body })).json();
    };
    expect(await ask({ account_id: other })).toMatchObject({ status: 404, code: "account_not_found" });
    expect(await ask({ plan_id: "pln_01k9v3c4x5e6f7g8h9j0kmnpqr" })).toMatchObject({
      code: "plan_not_found",
    });
    expect(await ask({ plan_id: inactive })).toMatchObject({ code: "plan_not_active" });
    expect(await ask({ payment_method: "4242424242424242" })).toMatchObject({ code: "invalid_request" });
    const missing = { account_id: "acc_01k9v3c4x5e6f7g8h9j0kmnpqr", plan_id, payment_method: "pm_card_visa" };
    const answer = await billing.as(operator()).post("/v1/subscriptions", { body: missing });
    expect(answer.json()).toMatchObject({ code: "account_not_found" });
  });

  it("is free on a plan that costs nothing, with an invoice that nobody pays", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan({ price: { amount: 0, currency: "USD" } });
    const before = await billing.charges();
    expect((await billing.subscribe(account, plan.id, "pm_card_declined")).state).toBe("active");
    expect(await billing.charges()).toBe(before);
    expect(await billing.invoices(account)).toMatchObject([{ state: "paid", attempt_count: 0 }]);
  });
});

describe("a trial", () => {
  it("is free, entitles, and is paid at its end", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan({ trial_days: 7 });
    const trial = await billing.subscribe(account, plan.id);
    expect(trial).toMatchObject({ state: "trialing", entitled: true, trial_end: trial.current_period_end });
    expect(await billing.invoices(account)).toEqual([]);
    await billing.advanceDays(7);
    const paid = await billing.subscription(trial.id);
    expect(paid).toMatchObject({ state: "active", current_period_start: trial.current_period_end });
    expect(await billing.invoices(account)).toMatchObject([{ state: "paid", total: { amount: 1000 } }]);
  });

  it("comes once an account", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan({ trial_days: 7 });
    const { id } = await billing.subscribe(account, plan.id);
    const body = { at_period_end: false };
    await billing.as(viewer(account)).post(`/v1/subscriptions/${id}/cancel`, { body });
    expect(await billing.subscribe(account, plan.id)).toMatchObject({ state: "active" });
  });

  it("whose payment is declined at its end is past due, within the grace", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan({ trial_days: 7 });
    const { id } = await billing.subscribe(account, plan.id, "pm_card_declined");
    await billing.advanceDays(7);
    expect(await billing.subscription(id)).toMatchObject({ state: "past_due", entitled: true });
  });
});
