import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textAt } from "../../testing/fields.ts";
import { startPlatform, type RunningPlatform } from "../../testing/platform.ts";

let platform: RunningPlatform;
let account: string;
beforeAll(async () => {
  platform = await startPlatform();
  account = await createAccount("ada@example.org");
});
afterAll(() => platform.stop());

async function createAccount(email: string): Promise<string> {
  const args = [
    "users",
    "create",
    "--email",
    email,
    "--name",
    "Ada Lovelace",
    "--country",
    "gb",
    "--password-stdin",
  ];
  return textAt(await platform.json(args, { input: "correct horse battery\n" }), "id");
}

describe("flix users and profiles", () => {
  test("create, get and list; the password comes from standard input", async () => {
    expect(await platform.json(["users", "get", account])).toMatchObject({
      email: "ada@example.org",
      country: "GB",
    });
    expect(await platform.json(["users", "list", "-q", "ada"])).toMatchObject([{ id: account }]);
    const again = await platform.run([
      "users",
      "create",
      "--email",
      "ADA@example.org",
      "--name",
      "X",
      "--country",
      "GB",
    ]);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain("[email_taken, req_");
  });

  test("suspend and restore", async () => {
    const reason = "Card reported stolen";
    expect(await platform.json(["users", "suspend", account, "--reason", reason])).toMatchObject({
      state: "suspended",
    });
    expect(await platform.json(["users", "list", "--state", "suspended"])).toMatchObject([
      { suspension_reason: reason },
    ]);
    expect(await platform.json(["users", "restore", account])).toMatchObject({ state: "active" });
  });

  test("an account begins with a profile, which is listed", async () => {
    expect(await platform.json(["profiles", "list", account])).toMatchObject([{ account_id: account }]);
    const { stdout } = await platform.run(["profiles", "list", account]);
    expect(stdout).toMatch(/^ID +NAME +LANGUAGE +UP TO AGE +CHILD\nprf_/);
  });

  test("delete takes the account away, --dry-run does not", async () => {
    const id = await createAccount("gone@example.org");
    expect(await platform.json(["users", "delete", id, "--dry-run"])).toEqual({ id, deleted: false });
    expect(await platform.json(["users", "delete", id, "--yes"])).toEqual({ id, deleted: true });
    expect((await platform.run(["users", "get", id])).stderr).toContain("[account_not_found, req_");
  });
});

describe("flix plans, subscriptions and invoices", () => {
  test("from a plan to a paid invoice, and to a subscription that ends", async () => {
    const basic = await createPlan("Basic", "4.99USD");
    const premium = await createPlan("Premium", "14.99USD");
    const subscription = await platform.json([
      ...subscribe(account, basic),
      "--payment-method",
      "pm_card_visa",
    ]);
    const id = textAt(subscription, "id");
    expect(subscription).toMatchObject({
      state: "active",
      entitled: true,
      price: { amount: 499, currency: "USD" },
    });
    expect(await platform.json(["subscriptions", "change", id, "--plan", premium])).toMatchObject({
      plan: { name: "Premium" },
    });
    expect(await platform.json(["subscriptions", "list", "--account", account])).toMatchObject([{ id }]);
    expect(await platform.json(["subscriptions", "cancel", id])).toMatchObject({
      cancel_at_period_end: true,
    });
    expect(await platform.json(["subscriptions", "cancel", id, "--now"])).toMatchObject({
      state: "canceled",
    });
    const { stdout } = await platform.run(["invoices", "list", "--account", account, "--state", "paid"]);
    expect(stdout).toContain("4.99 USD");
  });

  test("a declined card fails, with its reason and with the command that pays otherwise", async () => {
    const [buyer, plan] = [await createAccount("poor@example.org"), await createPlan("Weekly", "1USD")];
    const bought = await platform.run([
      ...subscribe(buyer, plan),
      "--payment-method",
      "pm_card_declined",
      "--json",
    ]);
    expect(bought.exitCode).toBe(1);
    expect(JSON.parse(bought.stderr)).toMatchObject({ code: "card_declined" });
    const id = textAt(JSON.parse(bought.stdout), "id");
    expect(JSON.parse(bought.stderr).fix).toContain(`flix subscriptions change ${id} --payment-method`);
    expect(
      await platform.json(["subscriptions", "change", id, "--payment-method", "pm_card_visa"]),
    ).toMatchObject({
      state: "active",
    });
  });

  test("a plan is changed and taken off the list", async () => {
    const id = await createPlan("Old", "5USD");
    expect(await platform.json(["plans", "update", id, "--price", "6USD", "--active", "no"])).toMatchObject({
      price: { amount: 600, currency: "USD" },
      active: false,
    });
    expect((await platform.run(["plans", "list"])).stdout).toMatch(/Old +6\.00 USD\/month .* no$/m);
    const wrong = await platform.run(["plans", "update", id, "--price", "6EUR"]);
    expect(wrong.stderr).toContain("[plan_currency_fixed, req_");
  });
});

async function createPlan(name: string, price: string): Promise<string> {
  return textAt(await platform.json(["plans", "create", "--name", name, "--price", price]), "id");
}

function subscribe(accountId: string, planId: string): string[] {
  return ["subscriptions", "create", "--account", accountId, "--plan", planId];
}
