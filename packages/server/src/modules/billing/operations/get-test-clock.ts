import type { TestClock } from "../../../engines/payments/payments.ts";
import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { BillingContext } from "../context.ts";

export const getTestClock: Handler<"getTestClock", BillingContext> = async ({ unit }, context) => {
  const now = await requireTestClock(context).now(unit);
  return { now: now.toISOString() };
};

export function requireTestClock({ payments }: BillingContext): TestClock {
  if (payments.testClock) return payments.testClock;
  throw new FlixError("sandbox_only");
}
