import { expect, test } from "vitest";
import { membershipText } from "./membership-text.ts";
import { formatMoney, qualityName, streamsText } from "./money.ts";

test("Minor units are written as the currency is, also where it has none or three", () => {
  expect(formatMoney({ amount: 999, currency: "USD" }, "en-US")).toBe("$9.99");
  expect(formatMoney({ amount: 900, currency: "JPY" }, "en-US")).toBe("¥900");
  expect(formatMoney({ amount: 1_500, currency: "KWD" }, "en-US").replace(/\s/, " ")).toBe("KWD 1.500");
  expect(formatMoney({ amount: -250, currency: "EUR" }, "en-US")).toBe("-€2.50");
});

test("A plan's limits are told in words", () => {
  expect([480, 720, 1080, 2160].map(qualityName)).toEqual([
    "Standard quality",
    "HD",
    "Full HD",
    "4K Ultra HD",
  ]);
  expect([1, 4].map(streamsText)).toEqual(["One screen at a time", "4 screens at once"]);
});

const subscription = {
  state: "active",
  cancel_at_period_end: false,
  current_period_end: "2026-12-22T12:00:00.000Z",
  entitled: true,
} as const;
const payment_failure = { code: "card_declined", message: "Your card was declined" };

test("A subscription says in one sentence where it stands and what comes next", () => {
  const text = (facts: Partial<Parameters<typeof membershipText>[0]>) =>
    membershipText({ ...subscription, ...facts }, "en-US");
  expect(text({})).toBe("Renews on December 22, 2026.");
  expect(text({ cancel_at_period_end: true })).toBe("Ends on December 22, 2026. Watch on until then.");
  expect(text({ state: "trialing", trial_end: "2026-11-29T12:00:00.000Z" })).toBe(
    "Free until November 29, 2026, then paid.",
  );
  expect(text({ state: "past_due", payment_failure })).toBe(
    "The last payment was declined (Your card was declined); we try again. You can watch meanwhile.",
  );
  expect(text({ state: "past_due", entitled: false })).toContain("Choose another card to watch.");
  expect(text({ state: "unpaid" })).toContain("Choose another card to watch.");
});
