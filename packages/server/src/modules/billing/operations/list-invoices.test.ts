import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operator, viewer } from "../../../../testing/index.ts";
import { startTestBilling, type Invoice, type TestBilling } from "../test-billing.ts";

let billing: TestBilling;
let account: string;
let subscriptionId: string;

beforeAll(async () => {
  billing = await startTestBilling();
  account = await billing.createAccount();
  subscriptionId = (await billing.subscribe(account, (await billing.createPlan()).id)).id;
  await billing.advanceDays(200);
});
afterAll(() => billing.close());

describe("invoices", () => {
  it("are paged newest first to the end", async () => {
    const other = await billing.createAccount();
    await billing.subscribe(other, (await billing.createPlan()).id);
    const asViewer = billing.as(viewer(account));
    const seen: Invoice[] = [];
    let cursor = "";
    do {
      const page = (await asViewer.get(`/v1/invoices?page_size=3${cursor}`)).json();
      expect(page.data.length).toBeLessThanOrEqual(3);
      seen.push(...page.data);
      cursor = page.next_cursor === undefined ? "" : `&cursor=${page.next_cursor}`;
    } while (cursor !== "");
    const numbers = seen.map(({ number }) => number);
    expect(numbers).toHaveLength(7);
    expect(numbers).toEqual(numbers.toSorted().toReversed());
    expect(new Set(seen.map(({ id }) => id)).size).toBe(7);
  });

  it("are numbered without gaps in each year", async () => {
    const all: Invoice[] = (await billing.as(operator()).get("/v1/invoices?page_size=100")).json().data;
    const byYear = Map.groupBy(all, ({ number }) => number?.slice(4, 8));
    expect([...byYear.keys()].toSorted()).toEqual(["2026", "2027"]);
    for (const [year, invoices] of byYear) {
      const expected = invoices.map((_, index) => `FLX-${year}-${String(index + 1).padStart(6, "0")}`);
      expect(invoices.map(({ number }) => number).toSorted()).toEqual(expected);
    }
  });

  it("are filtered by subscription, state and account", async () => {
    const staff = billing.as(operator("support"));
    const count = async (query: string) => (await staff.get(`/v1/invoices?${query}`)).json().data.length;
    expect(await count(`subscription_id=${subscriptionId}`)).toBe(7);
    expect(await count(`account_id=${account}&state=open`)).toBe(0);
    expect(await count(`account_id=${account}&state=paid`)).toBe(7);
    const answer = await staff.get("/v1/invoices?cursor=bm90LWE=");
    expect(answer.json()).toMatchObject({ status: 400, code: "invalid_request" });
  });

  it("are readable one by one", async () => {
    const [invoice] = await billing.invoices(account);
    const answer = await billing.as(viewer(account)).get(`/v1/invoices/${invoice?.id}`);
    expect(answer.json()).toEqual(invoice);
    const unknown = await billing.as(operator()).get("/v1/invoices/inv_01k9v3c4x5e6f7g8h9j0kmnpqr");
    expect(unknown.json().code).toBe("invoice_not_found");
  });
});

describe("the database itself", () => {
  const refuses = (statement: string) =>
    expect(sql.raw(statement).execute(billing.kernel.database("billing").root)).rejects.toThrow;

  it("keeps issued invoices, their lines, payment attempts and the ledger as they are", async () => {
    await refuses("update billing.invoices set total = 1, subtotal = 1")(/issued and does not change/);
    await refuses("delete from billing.invoices")(/only grows/);
    await refuses("update billing.invoice_lines set amount = 1")(/only grows/);
    await refuses("delete from billing.payment_attempts")(/only grows/);
    await refuses("update billing.ledger_entries set amount = 1")(/only grows/);
    await refuses(
      "insert into billing.invoice_lines select account_id, id, 9, 'x', 1, now(), now(), false from billing.invoices",
    )(/takes no more lines/);
  });

  it("refuses a ledger transaction that does not sum to 0", async () => {
    await refuses(
      "insert into billing.ledger_entries values ('acc_1', 'odd', 'cash', 'USD', 5, 'inv_1', now())",
    )(/out of balance by 5 USD/);
  });
});
