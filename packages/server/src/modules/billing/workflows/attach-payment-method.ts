import { FlixError } from "../../../kernel/errors.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { updateCustomer, type CustomerRow } from "../store/customers.ts";

/** Makes a token chargeable for an account; a check looks the token up and leaves the provider as it is. */
export async function attachPaymentMethod(
  context: BillingContext,
  unit: Unit,
  customer: CustomerRow,
  token: string,
): Promise<string> {
  const { payments } = context;
  if ((await payments.findPaymentMethod(unit, token)) === undefined)
    throw new FlixError("payment_method_unknown", { detail: `There is no payment method ${token}.` });
  if (unit.validateOnly) return token;
  const { account_id, provider_customer } = customer;
  const customerId = provider_customer ?? (await payments.createCustomer(unit, account_id)).customerId;
  if (provider_customer === null)
    await updateCustomer(context, unit, account_id, { provider_customer: customerId });
  const { paymentMethodId } = await payments.attachPaymentMethod(unit, { customerId, token });
  return paymentMethodId;
}
