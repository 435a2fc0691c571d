import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator, startTestPlatform, viewer } from "../../../../testing/index.ts";
import { createBilling } from "../index.ts";
import { createSandboxPayments, type SandboxTables } from "../../../engines/payments/sandbox.ts";
import { startTestBilling, type TestBilling } from "../test-billing.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

const clockUrl = "/v1/billing/test-clock";

describe("the test clock", () => {
  it("runs with the real time, ahead of it by what it was advanced", async () => {
    const staff = billing.as(operator());
    expect((await staff.get(clockUrl)).json()).toEqual({ now: "2026-11-22T12:00:00.000Z" });
    await billing.advanceTo("2026-12-01T00:00:00.000Z");
    expect((await staff.get(clockUrl)).json()).toEqual({ now: "2026-12-01T00:00:00.000Z" });
    billing.clock.advance(1_000);
    expect((await staff.get(clockUrl)).json()).toEqual({ now: "2026-12-01T00:00:01.000Z" });
  });

  it("does everything on the way, each at its time: a year is twelve invoices", async () => {
    const account = await billing.createAccount();
    const other = await billing.createAccount();
    const plan = await billing.createPlan({ trial_days: 30 });
    const { id } = await billing.subscribe(account, plan.id);
    const failing = await billing.subscribe(other, plan.id, "pm_card_declined");
    await billing.advanceDays(30 + 364);
    expect(await billing.invoices(account)).toHaveLength(12);
    expect((await billing.subscription(id)).state).toBe("active");
    expect((await billing.subscription(failing.id)).state).toBe("canceled");
    expect(await billing.invoices(other)).toMatchObject([{ state: "uncollectible", attempt_count: 5 }]);
    const starts = (await billing.invoices(account)).flatMap(({ lines }) =>
      lines.map((line) => line.period_start),
    );
    expect(new Set(starts).size).toBe(12);
  });

  it("goes forward only, by two years at most", async () => {
    const staff = billing.as(operator());
    const { now } = (await staff.get(clockUrl)).json();
    for (const to of [now, "2020-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"]) {
      const answer = await staff.post(`${clockUrl}/advance`, { body: { to } });
      expect(answer.json()).toMatchObject({ status: 422, code: "clock_out_of_range" });
    }
    const to = new Date(new Date(now).getTime() + 86_400_000).toISOString();
    const checked = await staff.post(`${clockUrl}/advance?validate_only=true`, { body: { to } });
    expect(checked.json()).toEqual({ now: to });
    expect((await staff.get(clockUrl)).json()).toEqual({ now });
  });

  it("is for those who may change billing", async () => {
    expect((await billing.as(operator("support")).get(clockUrl)).statusCode).toBe(200);
    const to = "2027-01-01T00:00:00.000Z";
    const post = { body: { to } };
    const asSupport = await billing.as(operator("support")).post(`${clockUrl}/advance`, post);
    expect(asSupport.statusCode).toBe(403);
    const asViewer = await billing.as(viewer("acc_01k9v3c4x5e6f7g8h9j0kmnpqr")).get(clockUrl);
    expect(asViewer.statusCode).toBe(403);
  });

  it("is not there with a provider that has none", async () => {
    const platform = await startTestPlatform({
      compose: (kernel) => {
        const database = kernel.database<SandboxTables>("billing");
        const sandbox = createSandboxPayments({ database, clock: kernel.clock });
        const payments = { ...sandbox, testClock: undefined };
        const users = { getViewer: () => Promise.resolve(undefined) };
        return [createBilling(kernel, { users, payments }).module];
      },
      environment: { FLIX_MODULES: "billing" },
    });
    try {
      const answer = await platform.as(operator()).get(clockUrl);
      expect(answer.json()).toMatchObject({ status: 409, code: "sandbox_only" });
    } finally {
      await platform.close();
    }
  });
});
