import { FlixError } from "../../../kernel/errors.ts";
import type { Handler } from "../../../kernel/handler.ts";
import type { BillingContext } from "../context.ts";
import { addMonths } from "../periods.ts";
import { advanceClock } from "../workflows/advance-clock.ts";
import { requireTestClock } from "./get-test-clock.ts";

const furthestMonths = 24;

export const advanceTestClock: Handler<"advanceTestClock", BillingContext> = async (
  { body, unit, validateOnly },
  context,
) => {
  const testClock = requireTestClock(context);
  const to = new Date(body.to);
  const now = await testClock.now(unit);
  if (!(to > now && to <= addMonths(now, furthestMonths)))
    throw new FlixError("clock_out_of_range", { detail: `It is ${now.toISOString()} by the clock.` });
  if (validateOnly) return { now: to.toISOString() };
  await advanceClock(context, unit, testClock, to);
  return { now: (await testClock.now(unit)).toISOString() };
};
