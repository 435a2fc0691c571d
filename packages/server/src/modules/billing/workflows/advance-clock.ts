import type { TestClock } from "../../../engines/payments/payments.ts";
import type { Unit } from "../../../kernel/unit.ts";
import type { BillingContext } from "../context.ts";
import { lockDueCustomers } from "../store/customers.ts";
import { findSubscription, listDue } from "../store/subscriptions.ts";
import { runDueStep } from "./run-due.ts";

/**
 * Moves the sandbox's time and does what falls due on the way, one thing after the other in the order of their times,
 * each at its own: a declined renewal is retried days later even when years pass in one call.
 */
export async function advanceClock(
  context: BillingContext,
  unit: Unit,
  testClock: TestClock,
  to: Date,
): Promise<void> {
  const from = await testClock.now(unit);
  await lockDueCustomers(context, unit, to);
  for (;;) {
    const [due] = await listDue(context, unit, to, { limit: 1 });
    if (!due) break;
    const at = due.due_at > from ? due.due_at : from;
    await testClock.moveTo(unit, at);
    const subscription = await findSubscription(context, unit, due.id);
    if (!subscription) throw new Error(`The subscription ${due.id} is due and is not there`);
    await runDueStep(context, unit, subscription, at);
  }
  await testClock.moveTo(unit, to);
}
