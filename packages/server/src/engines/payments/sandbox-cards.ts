import type { DeclineCode, PaymentMethod } from "./payments.ts";

export interface SandboxCard extends PaymentMethod {
  /** What becomes of a payment, by how many this payment method has made since it was attached. */
  decline: (paymentsBefore: number) => DeclineCode | undefined;
}

/** The sandbox's payment methods, named after Stripe's test tokens: https://docs.stripe.com/testing. */
const sandboxCards: ReadonlyMap<string, SandboxCard> = new Map([
  ["pm_card_visa", card("visa", "4242", () => undefined)],
  ["pm_card_mastercard", card("mastercard", "4444", () => undefined)],
  ["pm_card_declined", card("visa", "0002", () => "card_declined")],
  ["pm_card_chargeDeclined", card("visa", "0002", () => "card_declined")],
  ["pm_card_insufficient_funds", card("visa", "9995", () => "insufficient_funds")],
  ["pm_card_chargeDeclinedInsufficientFunds", card("visa", "9995", () => "insufficient_funds")],
  ["pm_card_expired", card("visa", "0069", () => "expired_card")],
  ["pm_card_chargeDeclinedExpiredCard", card("visa", "0069", () => "expired_card")],
  ["pm_card_renewal_declined", card("visa", "0341", (before) => (before > 0 ? "card_declined" : undefined))],
]);

export function sandboxCard(token: string): SandboxCard | undefined {
  return sandboxCards.get(token);
}

export const declineMessages: Record<DeclineCode, string> = {
  card_declined: "The card was declined.",
  insufficient_funds: "The card has insufficient funds.",
  expired_card: "The card has expired.",
};

function card(brand: string, lastDigits: string, decline: SandboxCard["decline"]): SandboxCard {
  return { kind: "card", brand, lastDigits, decline };
}
