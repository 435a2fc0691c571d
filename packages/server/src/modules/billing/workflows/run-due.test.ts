import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { viewer } from "../../../../testing/index.ts";
import { startTestBilling, type TestBilling } from "../test-billing.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

describe("renewal", () => {
  it("by the background job charges each period once, however often it runs", async () => {
    const account = await billing.createAccount();
    const { id } = await billing.subscribe(account, (await billing.createPlan()).id);
    billing.clock.advance(31 * 86_400_000);
    await billing.runJob("billing.renew");
    await billing.runJob("billing.renew");
    expect(await billing.subscription(id)).toMatchObject({
      state: "active",
      current_period_start: "2026-12-22T12:00:00.000Z",
      current_period_end: "2027-01-22T12:00:00.000Z",
    });
    expect((await billing.invoices(account)).map(({ state }) => state)).toEqual(["paid", "paid"]);
  });

  it("that could not run for months makes up for every period, without gap or overlap", async () => {
    const account = await billing.createAccount();
    await billing.subscribe(account, (await billing.createPlan()).id);
    billing.clock.advance(95 * 86_400_000);
    await billing.runJob("billing.renew");
    const periods = (await billing.invoices(account))
      .flatMap(({ lines }) => lines)
      .map(({ period_start, period_end }) => [period_start, period_end] as const)
      .toSorted();
    expect(periods).toHaveLength(4);
    expect(periods.slice(1).map(([start]) => start)).toEqual(periods.slice(0, -1).map(([, end]) => end));
  });

  it("of a plan by the year waits a year", async () => {
    const account = await billing.createAccount();
    const { id } = await billing.subscribe(account, (await billing.createPlan({ interval: "year" })).id);
    await billing.advanceDays(364);
    expect(await billing.invoices(account)).toHaveLength(1);
    await billing.advanceDays(2);
    expect(await billing.invoices(account)).toHaveLength(2);
    expect((await billing.subscription(id)).state).toBe("active");
  });
});

describe("dunning", () => {
  it("tries on days 1, 3, 5 and 7, then cuts off, then ends the subscription", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    const { id, current_period_end } = await billing.subscribe(account, plan.id, "pm_card_renewal_declined");
    const due = new Date(current_period_end).getTime();
    const at = async (days: number) => {
      await billing.advanceTo(new Date(due + days * 86_400_000));
      const [{ state, entitled }, { attempt_count }] = await Promise.all([
        billing.subscription(id),
        billing.latestInvoice(id),
      ]);
      return [state, entitled, attempt_count];
    };
    expect(await at(0)).toEqual(["past_due", true, 1]);
    expect((await billing.latestInvoice(id)).next_attempt_at).toBe(new Date(due + 86_400_000).toISOString());
    expect(await at(1)).toEqual(["past_due", true, 2]);
    expect(await at(3)).toEqual(["past_due", true, 3]);
    expect(await at(6)).toEqual(["past_due", true, 4]);
    expect(await at(7)).toEqual(["unpaid", false, 5]);
    expect(await billing.entitlement(account)).toEqual({ entitled: false, reason: "unpaid" });
    expect(await at(27)).toEqual(["unpaid", false, 5]);
    expect(await at(28)).toEqual(["canceled", false, 5]);
    expect((await billing.latestInvoice(id)).state).toBe("uncollectible");
    const types = await billing.events(account);
    expect(types.filter((type) => type === "invoice.payment_failed")).toHaveLength(5);
    expect(types.at(-1)).toBe("subscription.canceled");
  });

  it("stops when a new payment method pays, even after the service was cut off", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    const first = await billing.subscribe(account, plan.id, "pm_card_renewal_declined");
    await billing.advanceTo(new Date(new Date(first.current_period_end).getTime() + 10 * 86_400_000));
    const unpaid = await billing.subscription(first.id);
    expect(unpaid).toMatchObject({ state: "unpaid", payment_failure: { code: "card_declined" } });
    const request = { body: { payment_method: "pm_card_visa" }, headers: { "if-match": unpaid.etag } };
    const paid = await billing.as(viewer(account)).patch(`/v1/subscriptions/${first.id}`, request);
    expect(paid.json()).toMatchObject({
      state: "active",
      entitled: true,
      current_period_start: first.current_period_end,
    });
    expect(paid.json().payment_failure).toBeUndefined();
    await billing.advanceTo(paid.json().current_period_end);
    expect((await billing.latestInvoice(first.id)).state).toBe("paid");
  });

  it("that could not run in time still leaves days between its tries", async () => {
    const account = await billing.createAccount();
    const plan = await billing.createPlan();
    const { id } = await billing.subscribe(account, plan.id, "pm_card_renewal_declined");
    billing.clock.advance(45 * 86_400_000);
    await billing.runJob("billing.renew");
    expect(await billing.subscription(id)).toMatchObject({ state: "past_due" });
    expect((await billing.latestInvoice(id)).attempt_count).toBe(1);
  });
});
