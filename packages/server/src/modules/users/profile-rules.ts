import { FlixError } from "../../kernel/errors.ts";

export const avatars = [
  "fox",
  "owl",
  "cat",
  "bear",
  "panda",
  "tiger",
  "whale",
  "dragon",
  "robot",
  "astronaut",
  "ghost",
  "cactus",
] as const;
export type Avatar = (typeof avatars)[number];

export const maxProfiles = 5;
export const highestLimit = 21;
const childLimit = { left_out: 7, highest: 12 };

/** The first picture that the account's profiles do not bear yet; there are more pictures than profiles. */
export function freeAvatar(taken: readonly string[]): Avatar {
  return avatars.find((avatar) => !taken.includes(avatar)) ?? avatars[0];
}

/** What the profile may watch; refuses a child's limit above 12. */
export function maturityLimit(isChild: boolean, wanted: number | undefined): number {
  if (!isChild) return wanted ?? highestLimit;
  const limit = wanted ?? childLimit.left_out;
  if (limit <= childLimit.highest) return limit;
  throw new FlixError("maturity_limit_too_high", {
    errors: [
      { pointer: "/maturity_limit", message: `is ${limit}, and at most ${childLimit.highest} for a child` },
    ],
  });
}
