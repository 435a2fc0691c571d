import { sql } from "kysely";
import { operator, startTestPlatform, viewer, type TestPlatform } from "../../../testing/index.ts";
import { createUsers, type Users } from "../users/index.ts";
import { createBilling, type Billing, type Entitlement } from "./index.ts";

export interface TestBilling extends TestPlatform {
  createAccount(): Promise<string>;
  createPlan(changes?: object): Promise<{ id: string; etag: string }>;
  /** As the viewer itself; answers the subscription. */
  subscribe(accountId: string, planId: string, paymentMethod?: string): Promise<Subscription>;
  subscription(id: string): Promise<Subscription>;
  /** Newest first. */
  invoices(accountId: string): Promise<Invoice[]>;
  latestInvoice(subscriptionId: string): Promise<Invoice>;
  advanceTo(time: string | Date): Promise<void>;
  advanceDays(days: number): Promise<void>;
  entitlement(accountId: string): Promise<Entitlement>;
  /** Types of the account's events, in order. */
  events(accountId: string): Promise<string[]>;
  /** Balances of the whole ledger; credits are negative. */
  ledger(): Promise<Record<string, number>>;
  /** How many charges the sandbox made or refused. */
  charges(): Promise<number>;
}

export interface Subscription {
  id: string;
  state: string;
  entitled: boolean;
  etag: string;
  price: Money;
  plan: { id: string };
  current_period_start: string;
  current_period_end: string;
  trial_end?: string;
  cancel_at_period_end: boolean;
  canceled_at?: string;
  latest_invoice_id?: string;
  payment_failure?: { code: string };
}
interface Money {
  amount: number;
  currency: string;
}
export interface Invoice {
  id: string;
  subscription_id: string;
  number?: string;
  state: string;
  lines: { amount: Money; period_start: string; period_end: string; proration: boolean }[];
  subtotal: Money;
  credit_applied?: Money;
  total: Money;
  amount_paid: Money;
  amount_due: Money;
  attempt_count: number;
  next_attempt_at?: string;
  payment_failure?: { code: string };
}

/** A platform with users and billing over a real database, and what its tests ask of it all the time. */
export async function startTestBilling(): Promise<TestBilling> {
  const faces: { users?: Users; billing?: Billing } = {};
  const platform = await startTestPlatform({
    compose: async (kernel) => {
      const users = createUsers(kernel, { signUp: "open" });
      const billing = createBilling(kernel, { users });
      Object.assign(faces, { users, billing });
      return [users.module, billing.module];
    },
    environment: { FLIX_MODULES: "billing" },
  });
  const { users, billing } = faces;
  if (!users || !billing) throw new Error("The modules were not composed");
  const { units } = platform.kernel;
  const { root } = platform.kernel.database("billing");
  const staff = platform.as(operator());
  let accounts = 0;
  const advanceTo = async (time: string | Date) => {
    const answer = await staff.post("/v1/billing/test-clock/advance", { body: { to: new Date(time) } });
    if (answer.statusCode !== 200) throw new Error(answer.body);
  };
  const subscription = async (id: string): Promise<Subscription> =>
    (await staff.get(`/v1/subscriptions/${id}`)).json();
  return {
    ...platform,
    async createAccount() {
      accounts += 1;
      const email = `viewer-${accounts}@example.com`;
      const { id } = await units.write((unit) =>
        users.createAccount(unit, { email, name: "Ada", country: "GB", language: "en" }),
      );
      return id;
    },
    async createPlan(changes = {}) {
      const price = { amount: 1000, currency: "USD" };
      const body = {
        name: "Standard",
        price,
        interval: "month",
        max_streams: 2,
        max_height: 1080,
        ...changes,
      };
      const answer = await staff.post("/v1/plans", { body });
      if (answer.statusCode !== 201) throw new Error(answer.body);
      return answer.json();
    },
    async subscribe(account_id, plan_id, payment_method = "pm_card_visa") {
      const answer = await platform
        .as(viewer(account_id))
        .post("/v1/subscriptions", { body: { account_id, plan_id, payment_method } });
      if (answer.statusCode !== 201) throw new Error(answer.body);
      return answer.json();
    },
    subscription,
    async latestInvoice(id) {
      const { latest_invoice_id } = await subscription(id);
      return (await staff.get(`/v1/invoices/${latest_invoice_id}`)).json();
    },
    invoices: async (accountId) => (await staff.get(`/v1/invoices?account_id=${accountId}`)).json().data,
    advanceTo,
    async advanceDays(days) {
      const { now } = (await staff.get("/v1/billing/test-clock")).json();
      await advanceTo(new Date(new Date(now).getTime() + days * 86_400_000));
    },
    entitlement: (accountId) => billing.entitlementOf(units.read(), accountId),
    async events(accountId) {
      const { rows } = await sql<{
        type: string;
      }>`select type from kernel.events where account_id = ${accountId} order by position`.execute(root);
      return rows.map(({ type }) => type);
    },
    async ledger() {
      const { rows } = await sql<{ name: string; balance: number }>`
        select ledger_account as name, sum(amount)::bigint as balance from billing.ledger_entries group by 1`.execute(
        root,
      );
      return Object.fromEntries(rows.map(({ name, balance }) => [name, balance]));
    },
    async charges() {
      const { rows } = await sql<{ count: number }>`select count(*) from billing.sandbox_charges`.execute(
        root,
      );
      return rows[0]?.count ?? -1;
    },
  };
}
