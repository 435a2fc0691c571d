import type { Period } from "./periods.ts";

/** What of an interval's price falls on the time from `at` to the period's end, in whole minor units, rounded down. */
export function prorate(amount: number, period: Period, at: Date): number {
  const whole = period.end.getTime() - period.start.getTime();
  const rest = Math.min(Math.max(period.end.getTime() - at.getTime(), 0), whole);
  // A yearly price in minor units times a year in ms is beyond 2^53.
  return Number((BigInt(amount) * BigInt(rest)) / BigInt(whole));
}
