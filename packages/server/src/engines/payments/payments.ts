import type { Unit } from "../../kernel/unit.ts";

/**
 * What billing needs of a payment provider. Billing keeps subscriptions, invoices and the books itself; a provider
 * knows customers and their payment methods, and charges them. Card data never comes here, only tokens that the
 * provider made in the viewer's browser.
 *
 * Everything runs inside the caller's unit of work. A provider whose state is elsewhere cannot roll a charge back: it
 * must be safe to repeat by its idempotency key, and must not be called by a unit that only validates.
 */
export interface Payments {
  /** Looks a token up and changes nothing; undefined when the provider does not know it. */
  findPaymentMethod(unit: Unit, token: string): Promise<PaymentMethod | undefined>;
  /** The provider's customer for an account; the same one when repeated. */
  createCustomer(unit: Unit, accountId: string): Promise<{ customerId: string }>;
  /** Gives the customer a payment method and answers the id to charge it by. */
  attachPaymentMethod(
    unit: Unit,
    request: { customerId: string; token: string },
  ): Promise<{ paymentMethodId: string }>;
  /**
   * Takes the money, or tells why not. A repeat with the same key answers the first outcome and takes nothing. Throws
   * when the provider cannot be reached: then nothing is known, and the same key is to be tried again.
   */
  charge(unit: Unit, request: Charge): Promise<ChargeOutcome>;
  /** Removes the customer and the payment methods; charges that were made stay. */
  forgetCustomer(unit: Unit, customerId: string): Promise<void>;
  /** Only of a provider where time can be moved. */
  readonly testClock: TestClock | undefined;
}

export interface PaymentMethod {
  kind: "card";
  brand: string;
  lastDigits: string;
}

export interface Charge {
  customerId: string;
  paymentMethodId: string;
  /** Above 0, in minor units. */
  amount: number;
  currency: string;
  /** Names this one try to pay this one invoice. */
  idempotencyKey: string;
  at: Date;
}

export type ChargeOutcome =
  | { state: "succeeded"; chargeId: string }
  | { state: "declined"; chargeId: string; code: DeclineCode; message: string };

export type DeclineCode = "card_declined" | "insufficient_funds" | "expired_card";

/** Time that runs with the real one, ahead of it by what it was moved. */
export interface TestClock {
  now(unit: Unit): Promise<Date>;
  /** Never goes back: a time before `now` changes nothing. */
  moveTo(unit: Unit, time: Date): Promise<void>;
}
