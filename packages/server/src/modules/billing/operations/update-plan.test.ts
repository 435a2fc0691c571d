import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineClient, operator, viewer } from "../../../../testing/index.ts";
import { startTestBilling, type TestBilling } from "../test-billing.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

async function change(plan: { id: string; etag: string }, body: object) {
  const headers = { "if-match": plan.etag };
  return billing.as(operator()).patch(`/v1/plans/${plan.id}`, { body, headers });
}

describe("a plan", () => {
  it("keeps the price that running subscriptions agreed to; new ones pay the new one", async () => {
    const plan = await billing.createPlan();
    const early = await billing.createAccount();
    const first = await billing.subscribe(early, plan.id);
    const changed = await change(plan, { price: { amount: 1500, currency: "USD" }, max_streams: 4 });
    expect(changed.json()).toMatchObject({ price: { amount: 1500 }, max_streams: 4, etag: '"2"' });
    const late = await billing.subscribe(await billing.createAccount(), plan.id);
    expect(late.price.amount).toBe(1500);
    await billing.advanceDays(31);
    expect((await billing.subscription(first.id)).price.amount).toBe(1000);
    expect((await billing.invoices(early)).map(({ total }) => total.amount)).toEqual([1000, 1000]);
    expect(await billing.entitlement(early)).toMatchObject({ maxStreams: 4 });
  });

  it("does not change its currency, and is in one that exists", async () => {
    const answer = await change(await billing.createPlan(), { price: { amount: 900, currency: "EUR" } });
    expect(answer.json()).toMatchObject({ status: 422, code: "plan_currency_fixed" });
    const price = { amount: 900, currency: "QQQ" };
    const body = { name: "Odd", price, interval: "month", max_streams: 1, max_height: 720 };
    const created = await billing.as(operator()).post("/v1/plans", { body });
    expect(created.json()).toMatchObject({
      code: "invalid_request",
      errors: [{ pointer: "/price/currency" }],
    });
  });

  it("is changed from its present state only, by who may", async () => {
    const plan = await billing.createPlan();
    const url = `/v1/plans/${plan.id}`;
    const body = { name: "Renamed" };
    const asAdmin = billing.as(operator());
    expect((await asAdmin.patch(url, { body })).statusCode).toBe(428);
    expect((await asAdmin.patch(url, { body, headers: { "if-match": '"7"' } })).statusCode).toBe(412);
    const headers = { "if-match": plan.etag };
    expect((await billing.as(operator("support")).patch(url, { body, headers })).statusCode).toBe(403);
    const checked = await asAdmin.patch(`${url}?validate_only=true`, { body, headers });
    expect(checked.json()).toMatchObject({ name: "Renamed" });
    expect((await asAdmin.get(url)).json()).toMatchObject({ name: "Standard", etag: plan.etag });
    const unknown = await asAdmin.patch("/v1/plans/pln_01k9v3c4x5e6f7g8h9j0kmnpqr", { body, headers });
    expect(unknown.json().code).toBe("plan_not_found");
  });
});

describe("plans", () => {
  it("are listed cheapest first to anybody, inactive ones to staff alone", async () => {
    const fresh = await startTestBilling();
    try {
      const amounts = [500, 100, 300, 100, 900];
      for (const amount of amounts) await fresh.createPlan({ price: { amount, currency: "USD" } });
      const hidden = await fresh.createPlan({ price: { amount: 200, currency: "USD" }, active: false });
      const seen: number[] = [];
      let cursor = "";
      do {
        const page = (await fresh.as().get(`/v1/plans?page_size=2${cursor}`)).json();
        seen.push(...page.data.map((plan: { price: { amount: number } }) => plan.price.amount));
        cursor = page.next_cursor === undefined ? "" : `&cursor=${page.next_cursor}`;
      } while (cursor !== "");
      expect(seen).toEqual([100, 100, 300, 500, 900]);
      expect((await fresh.as().get(`/v1/plans/${hidden.id}`)).json().code).toBe("plan_not_found");
      const viewerPlans = await fresh.as(viewer("acc_01k9v3c4x5e6f7g8h9j0kmnpqr")).get("/v1/plans");
      expect(viewerPlans.json().data).toHaveLength(5);
      const reader = fresh.as(machineClient(["billing:read"]));
      expect((await reader.get("/v1/plans")).json().data).toHaveLength(6);
      expect((await reader.get(`/v1/plans/${hidden.id}`)).json().active).toBe(false);
      expect((await fresh.as().get("/v1/plans?cursor=WyJhIiwiYiJd")).json().code).toBe("invalid_request");
    } finally {
      await fresh.close();
    }
  });
});
