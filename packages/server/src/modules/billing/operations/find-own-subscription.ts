import { FlixError } from "../../../kernel/errors.ts";
import type { Principal } from "../../../kernel/security.ts";
import type { Unit } from "../../../kernel/unit.ts";
import { mayAccess } from "../account-access.ts";
import { billingNow, type BillingContext } from "../context.ts";
import { lockCustomer, type CustomerRow } from "../store/customers.ts";
import { findSubscription, type SubscriptionRecord } from "../store/subscriptions.ts";

/** The subscription, where the caller may know of it. */
export async function findOwnSubscription(
  context: BillingContext,
  unit: Unit,
  principal: Principal,
  id: string,
): Promise<SubscriptionRecord> {
  const subscription = await findSubscription(context, unit, id);
  if (subscription && mayAccess(principal, subscription.account_id)) return subscription;
  throw new FlixError("subscription_not_found");
}

export interface LockedSubscription {
  subscription: SubscriptionRecord;
  customer: CustomerRow;
  now: Date;
}

/** The same, with the account's billing locked: it is read again, as it is once others are done. */
export async function lockOwnSubscription(
  context: BillingContext,
  unit: Unit,
  principal: Principal,
  id: string,
): Promise<LockedSubscription> {
  const { account_id } = await findOwnSubscription(context, unit, principal, id);
  const now = await billingNow(context, unit);
  const customer = await lockCustomer(context, unit, account_id, now);
  return { subscription: await findOwnSubscription(context, unit, principal, id), customer, now };
}
