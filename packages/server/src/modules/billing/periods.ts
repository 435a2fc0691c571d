export type BillingInterval = "month" | "year";

/** From `start` up to, and without, `end`. */
export interface Period {
  start: Date;
  end: Date;
}

const monthsIn: Record<BillingInterval, number> = { month: 1, year: 12 };

/**
 * The period that begins where another ended. Periods are counted in whole intervals from the anchor, never from each
 * other: Jan 31, Feb 28, Mar 31. All in UTC, which has no daylight saving.
 */
export function periodFrom(anchor: Date, interval: BillingInterval, start: Date): Period {
  const monthsBetween =
    (start.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + start.getUTCMonth() - anchor.getUTCMonth();
  return { start, end: addMonths(anchor, monthsBetween + monthsIn[interval]) };
}

/** The same day and time of a later month, or that month's last day where it is shorter. */
export function addMonths(from: Date, months: number): Date {
  const result = new Date(from);
  result.setUTCDate(1);
  result.setUTCMonth(from.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(result.getUTCFullYear(), result.getUTCMonth() + 1, 0)).getUTCDate();
  result.setUTCDate(Math.min(from.getUTCDate(), lastDay));
  return result;
}
