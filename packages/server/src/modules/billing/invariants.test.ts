import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator, viewer } from "../../../testing/index.ts";
import { startTestBilling, type Invoice, type Subscription, type TestBilling } from "./test-billing.ts";

/*
 * Random lives of one subscription after another over a real database, every card and every turn of the clock; after
 * each step the books, the invoices and the entitlement must be consistent.
 */
let billing: TestBilling;
let plans: string[];

beforeAll(async () => {
  billing = await startTestBilling();
  const price = (amount: number) => ({ price: { amount, currency: "USD" } });
  const made = await Promise.all([
    billing.createPlan(price(999)),
    billing.createPlan({ ...price(1999), trial_days: 14 }),
    billing.createPlan(price(0)),
    billing.createPlan({ ...price(9990), interval: "year" }),
  ]);
  plans = made.map(({ id }) => id);
});
afterAll(() => billing.close());

const planIndex = fc.nat({ max: 3 });
const card = fc.constantFrom("pm_card_visa", "pm_card_declined", "pm_card_renewal_declined");
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("advance" as const), days: fc.integer({ min: 1, max: 40 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("subscribe" as const), plan: planIndex, card }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("plan" as const), plan: planIndex }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("card" as const), card }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), now: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("resume" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

describe("whatever happens to a subscription", () => {
  it(
    "the books balance, periods join, invoices add up, and the paid are entitled",
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
          const account = await billing.createAccount();
          for (const next of [{ do: "subscribe", plan: 0, card: "pm_card_visa" } as const, ...steps]) {
            const status = await take(account, next);
            expect(status).toBeLessThan(500);
            await checkInvoices(account);
            await checkBooks();
            await checkEntitlement(account);
          }
        }),
        { numRuns: 15 },
      );
    },
  );
});

/** Takes a step as the viewer would, possible or not; answers the status. */
async function take(account: string, next: Step): Promise<number> {
  if (next.do === "advance") {
    await billing.advanceDays(next.days);
    return 200;
  }
  const client = billing.as(viewer(account));
  if (next.do === "subscribe") {
    const body = { account_id: account, plan_id: plans[next.plan], payment_method: next.card };
    return (await client.post("/v1/subscriptions", { body })).statusCode;
  }
  const latest = await latestSubscription(account);
  const url = `/v1/subscriptions/${latest.id}`;
  const headers = { "if-match": latest.etag };
  switch (next.do) {
    case "plan":
      return (await client.patch(url, { headers, body: { plan_id: plans[next.plan] } })).statusCode;
    case "card":
      return (await client.patch(url, { headers, body: { payment_method: next.card } })).statusCode;
    case "cancel":
      return (await client.post(`${url}/cancel`, { body: { at_period_end: !next.now } })).statusCode;
    case "resume":
      return (await client.post(`${url}/resume`)).statusCode;
    default:
      return next satisfies never;
  }
}

/** The one that lives: on a held clock, one that ended may be as new. */
async function latestSubscription(account: string): Promise<Subscription> {
  const { data } = (await billing.as(viewer(account)).get("/v1/subscriptions")).json();
  return data.find(({ state }: Subscription) => state !== "canceled") ?? data[0];
}

async function checkInvoices(account: string): Promise<void> {
  const invoices: Invoice[] = (await billing.as(viewer(account)).get(`/v1/invoices?page_size=100`)).json()
    .data;
  for (const invoice of invoices) {
    const lines = invoice.lines.reduce((sum, { amount }) => sum + amount.amount, 0);
    expect(invoice.subtotal.amount).toBe(lines);
    expect(invoice.total.amount).toBe(lines - (invoice.credit_applied?.amount ?? 0));
    expect(invoice.amount_paid.amount + invoice.amount_due.amount).toBe(invoice.total.amount);
    if (invoice.state === "paid") expect(invoice.amount_due.amount).toBe(0);
  }
  for (const ofOne of Map.groupBy(invoices, (invoice) => invoice.subscription_id).values())
    checkPeriods(ofOne);
}

/** A period begins where the last one ended, or where a change of interval cut it short and credited its rest. */
function checkPeriods(invoices: Invoice[]): void {
  const lines = invoices.flatMap((invoice) => invoice.lines);
  const credited = new Set(
    lines.filter(({ proration }) => proration).map((line) => `${line.period_start} ${line.period_end}`),
  );
  const periods = periodLines(invoices);
  for (const [index, period] of periods.slice(1).entries()) {
    const previous = periods[index];
    if (previous?.period_end === period.period_start) continue;
    expect(credited).toContain(`${period.period_start} ${previous?.period_end}`);
  }
}

/** The lines of whole periods, in the order of their invoices' issue. */
function periodLines(invoices: Invoice[]) {
  return invoices
    .filter(({ number }) => number !== undefined)
    .toSorted((one, other) => (one.number ?? "").localeCompare(other.number ?? ""))
    .flatMap(({ lines }) => lines.filter(({ proration }) => !proration));
}

async function checkBooks(): Promise<void> {
  const { root } = billing.kernel.database("billing");
  const { rows: unbalanced } = await sql`
    select transaction from billing.ledger_entries group by transaction, currency having sum(amount) <> 0`.execute(
    root,
  );
  expect(unbalanced).toEqual([]);
  const { rows } = await sql<{ paid: number; open: number; billed: number }>`
    select coalesce(sum(total) filter (where state = 'paid'), 0)::bigint as paid,
      coalesce(sum(total) filter (where state = 'open'), 0)::bigint as open,
      coalesce(sum(subtotal) filter (where state in ('paid', 'open')), 0)::bigint as billed from billing.invoices`.execute(
    root,
  );
  const {
    cash = 0,
    receivable = 0,
    customer_credit = 0,
    deferred_revenue = 0,
    revenue = 0,
  } = await billing.ledger();
  const [invoiced] = rows;
  expect({ paid: cash, open: receivable }).toEqual({ paid: invoiced?.paid, open: invoiced?.open });
  expect(0 - deferred_revenue - revenue).toBe(invoiced?.billed);
  expect(customer_credit).toBeLessThanOrEqual(0);
  const { rows: twice } = await sql`
    select invoice_id from billing.payment_attempts where failure_code is null group by invoice_id having count(*) > 1`.execute(
    root,
  );
  expect(twice).toEqual([]);
}

/** By what the invoices say alone: paid until when, owed since when. */
async function checkEntitlement(account: string): Promise<void> {
  const latest = await latestSubscription(account);
  const { now } = (await billing.as(operator()).get("/v1/billing/test-clock")).json();
  const { entitled } = await billing.entitlement(account);
  const own = (await billing.invoices(account)).filter(
    ({ subscription_id }) => subscription_id === latest.id,
  );
  const paid = periodLines(own.filter(({ state }) => state === "paid")).at(-1);
  const paidUntil = paid?.period_end ?? latest.trial_end ?? "";
  const ended = latest.state === "canceled";
  if (!ended && now < paidUntil) expect(entitled).toBe(true);
  const graceEnds = new Date(new Date(paidUntil || 0).getTime() + 7 * 86_400_000).toISOString();
  if (ended || now >= graceEnds) expect(entitled).toBe(false);
}
