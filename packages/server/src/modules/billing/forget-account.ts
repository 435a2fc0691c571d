import type { Listener } from "../../kernel/events.ts";
import { billingNow, type BillingContext } from "./context.ts";
import { lockCustomer, updateCustomer } from "./store/customers.ts";
import { findLatestSubscription, forgetPaymentMethods } from "./store/subscriptions.ts";
import { endSubscription } from "./workflows/end-subscription.ts";

/**
 * A deleted account is charged no more, and its customer and payment methods are forgotten. Invoices and the books
 * stay, as the law asks; they name nobody but the account's id.
 */
export function forgetAccount(context: BillingContext): Listener {
  return {
    name: "billing.forget-account",
    types: ["account.deleted"],
    async handle({ account_id }, unit) {
      if (account_id === null) return;
      const now = await billingNow(context, unit);
      const { provider_customer } = await lockCustomer(context, unit, account_id, now);
      const subscription = await findLatestSubscription(context, unit, account_id);
      if (subscription && subscription.state !== "canceled")
        await endSubscription(context, unit, subscription, now, { unsettled: "drop" });
      if (provider_customer !== null) await context.payments.forgetCustomer(unit, provider_customer);
      await updateCustomer(context, unit, account_id, { provider_customer: null });
      await forgetPaymentMethods(context, unit, account_id);
    },
  };
}
