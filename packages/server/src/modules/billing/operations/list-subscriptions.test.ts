import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator, viewer } from "../../../../testing/index.ts";
import { startTestBilling, type Subscription, type TestBilling } from "../test-billing.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

describe("subscriptions", () => {
  it("are paged newest first, filtered by plan and state", async () => {
    const plan = await billing.createPlan();
    const other = await billing.createPlan();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      billing.clock.advance(1_000);
      made.unshift((await billing.subscribe(await billing.createAccount(), plan.id)).id);
    }
    await billing.subscribe(await billing.createAccount(), other.id, "pm_card_declined");
    const staff = billing.as(operator("support"));
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = (await staff.get(`/v1/subscriptions?plan_id=${plan.id}&page_size=2${cursor}`)).json();
      seen.push(...page.data.map(({ id }: Subscription) => id));
      cursor = page.next_cursor === undefined ? "" : `&cursor=${page.next_cursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(made);
    const incomplete = (await staff.get("/v1/subscriptions?state=incomplete")).json().data;
    expect(incomplete).toMatchObject([{ plan: { id: other.id } }]);
  });

  it("are a viewer's own alone", async () => {
    const [account, stranger] = [await billing.createAccount(), await billing.createAccount()];
    const { id } = await billing.subscribe(account, (await billing.createPlan()).id);
    const own = (await billing.as(viewer(account)).get("/v1/subscriptions")).json().data;
    expect(own.map((subscription: Subscription) => subscription.id)).toEqual([id]);
    const asStranger = billing.as(viewer(stranger));
    expect((await asStranger.get("/v1/subscriptions")).json()).toEqual({ data: [] });
    const foreign = await asStranger.get(`/v1/subscriptions?account_id=${account}`);
    expect(foreign.json()).toMatchObject({ status: 404, code: "account_not_found" });
  });
});
