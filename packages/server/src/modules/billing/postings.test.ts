import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  amountsOf,
  issuePosting,
  paymentPosting,
  recognitionPosting,
  writeOffPosting,
  type Posting,
} from "./postings.ts";

const amount = fc.integer({ min: -100_000_000, max: 100_000_000 });
const lines = fc.array(
  amount.map((value) => ({ amount: value })),
  { minLength: 1, maxLength: 10 },
);
const balance = fc.integer({ min: 0, max: 100_000_000 });

function sum(posting: Posting): number {
  return Object.values(posting).reduce((total, value) => total + value, 0);
}

describe("an invoice's amounts", () => {
  it("add up: the subtotal is the lines' sum, credit is used no further than it goes, nobody owes less than nothing", () => {
    fc.assert(
      fc.property(lines, balance, (of, credit) => {
        const { subtotal, creditApplied, total } = amountsOf(of, credit);
        expect(subtotal).toBe(of.reduce((all, line) => all + line.amount, 0));
        expect(total).toBe(subtotal - creditApplied);
        expect(total).toBeGreaterThanOrEqual(0);
        expect(credit - creditApplied).toBeGreaterThanOrEqual(0);
        expect(total === 0 || creditApplied === credit).toBe(true);
      }),
    );
  });
});

describe("every posting", () => {
  it("sums to 0", () => {
    fc.assert(
      fc.property(lines, balance, amount, (of, credit, value) => {
        const amounts = amountsOf(of, credit);
        const postings = [
          issuePosting(amounts),
          writeOffPosting(amounts),
          paymentPosting(value),
          recognitionPosting(value),
        ];
        expect(postings.map(sum)).toEqual([0, 0, 0, 0]);
      }),
    );
  });

  it("of a write-off undoes the issue", () => {
    const amounts = amountsOf([{ amount: 1500 }, { amount: -300 }], 200);
    const [issue, writeOff] = [issuePosting(amounts), writeOffPosting(amounts)];
    expect(issue).toEqual({ receivable: 1000, customer_credit: 200, deferred_revenue: -1200 });
    expect(writeOff).toEqual({ receivable: -1000, customer_credit: -200, deferred_revenue: 1200 });
  });
});
