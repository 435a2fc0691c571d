const dayMs = 86_400_000;

/** How long after a payment fell due the viewer may go on watching. */
export const graceMs = 7 * dayMs;

/** Days after an invoice's issue on which a declined payment is tried again; the last one ends the grace. */
const retryDays = [1, 3, 5, 7];

/** 28 days, the shortest month: a subscription that nobody pays is gone before its period is. */
const givenUpAfterMs = 28 * dayMs;

/** How long a first payment may be made good. */
export const incompleteMs = 23 * 3_600_000;

/** When to try again after a decline at `at`; undefined when all tries are spent. */
export function nextAttempt(issuedAt: Date, at: Date): Date | undefined {
  return retryDays.map((days) => new Date(issuedAt.getTime() + days * dayMs)).find((time) => time > at);
}

/** When an unpaid subscription is canceled. */
export function givenUpAt(issuedAt: Date): Date {
  return new Date(issuedAt.getTime() + givenUpAfterMs);
}
