import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlatform, type TestPlatform } from "../../../testing/index.ts";
import type { ChargeOutcome, Payments } from "./payments.ts";
import { createSandboxPayments, type SandboxTables } from "./sandbox.ts";

let platform: TestPlatform;
let payments: Payments;

beforeAll(async () => {
  platform = await startTestPlatform({ compose: () => [], environment: { FLIX_MODULES: "ops" } });
  const { database, clock } = platform.kernel;
  payments = createSandboxPayments({ database: database<SandboxTables>("billing"), clock });
});
afterAll(() => platform.close());

let keys = 0;

async function charge(token: string, changes: object = {}): Promise<ChargeOutcome> {
  keys += 1;
  return platform.kernel.units.write(async (unit) => {
    const { customerId } = await payments.createCustomer(unit, "acc_01k9v3c4x5e6f7g8h9j0kmnpqr");
    const { paymentMethodId } = await payments.attachPaymentMethod(unit, { customerId, token });
    const at = platform.clock.now();
    const request = { customerId, paymentMethodId, amount: 999, currency: "USD", at };
    return payments.charge(unit, { ...request, idempotencyKey: `key-${keys}`, ...changes });
  });
}

describe("the sandbox", () => {
  it.each([
    ["pm_card_visa", undefined],
    ["pm_card_mastercard", undefined],
    ["pm_card_declined", "card_declined"],
    ["pm_card_chargeDeclined", "card_declined"],
    ["pm_card_insufficient_funds", "insufficient_funds"],
    ["pm_card_expired", "expired_card"],
  ])("answers %s as its name says", async (token, code) => {
    expect(await charge(token)).toMatchObject(
      code === undefined ? { state: "succeeded" } : { state: "declined", code },
    );
  });

  it("knows no other token", async () => {
    const unit = platform.kernel.units.read();
    expect(await payments.findPaymentMethod(unit, "pm_card_unheard_of")).toBeUndefined();
    expect(await payments.findPaymentMethod(unit, "pm_card_visa")).toMatchObject({ lastDigits: "4242" });
    await expect(charge("pm_card_unheard_of")).rejects.toThrow("has no payment method");
  });

  it("answers a repeat with the first outcome, and refuses another amount under its key", async () => {
    const first = await charge("pm_card_visa", { idempotencyKey: "once" });
    expect(await charge("pm_card_declined", { idempotencyKey: "once" })).toEqual(first);
    await expect(charge("pm_card_visa", { idempotencyKey: "once", amount: 1 })).rejects.toThrow(
      "another amount",
    );
  });

  it("takes nothing when the unit is rolled back", async () => {
    const failing = platform.kernel.units.write(async (unit) => {
      const { customerId } = await payments.createCustomer(unit, "acc_01k9v3c4x5e6f7g8h9j0kmnpq0");
      const { paymentMethodId } = await payments.attachPaymentMethod(unit, {
        customerId,
        token: "pm_card_visa",
      });
      const at = platform.clock.now();
      const money = { amount: 5, currency: "USD", at };
      await payments.charge(unit, { customerId, paymentMethodId, ...money, idempotencyKey: "rolled-back" });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await charge("pm_card_declined", { idempotencyKey: "rolled-back" })).toMatchObject({
      state: "declined",
    });
  });

  it("has a clock that never goes back", async () => {
    const { testClock } = payments;
    const { units } = platform.kernel;
    await units.write(async (unit) => testClock?.moveTo(unit, new Date("2027-01-01T00:00:00.000Z")));
    await units.write(async (unit) => testClock?.moveTo(unit, new Date("2026-12-01T00:00:00.000Z")));
    expect(await testClock?.now(units.read())).toEqual(new Date("2027-01-01T00:00:00.000Z"));
  });
});
