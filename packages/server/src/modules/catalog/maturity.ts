import type { components } from "@flix/openapi";

type Title = components["schemas"]["Title"];

/** A title that nobody has rated might be anything: it must not slip past a child's limit. */
export const unratedMinimumAge = 18;

/** The youngest age that a title admits. */
export function minimumAgeOf({ maturity }: Pick<Title, "maturity">): number {
  return maturity?.minimum_age ?? unratedMinimumAge;
}

/** Whether a profile with this limit may watch the title. */
export function suits(title: Pick<Title, "maturity">, maturityLimit: number): boolean {
  return minimumAgeOf(title) <= maturityLimit;
}
