import type { Input } from "@flix/sdk";
import type { Profile } from "../session/session.tsx";
import { formText } from "../form-text.ts";
import { faces } from "./faces.ts";

const limits = [
  { value: 0, label: "Everyone" },
  { value: 7, label: "7 and under" },
  { value: 12, label: "12 and under" },
  { value: 16, label: "16 and under" },
  { value: 21, label: "Adults: everything" },
];
const highestOfChild = 12;

export function maturityLimits(isChild: boolean): typeof limits {
  return isChild ? limits.filter(({ value }) => value <= highestOfChild) : limits;
}

/** The choice that shows a stored limit: the highest that admits no more than it. */
export function shownLimit(stored: number | undefined, isChild: boolean): number {
  const wanted = stored ?? (isChild ? 7 : 21);
  return maturityLimits(isChild).findLast(({ value }) => value <= wanted)?.value ?? 0;
}

export const avatarNames = Object.keys(faces).filter(isAvatar);

/** A picture of its own for a new profile, so that a family can tell theirs apart. */
export function unusedAvatar(profiles: Pick<Profile, "avatar">[]): Profile["avatar"] {
  return avatarNames.find((name) => profiles.every(({ avatar }) => avatar !== name)) ?? "fox";
}

/** What the form holds, as the contract takes it. */
export function readProfileForm(form: FormData): Input<"createProfile">["body"] {
  const avatar = formText(form, "avatar");
  return {
    name: formText(form, "name").trim(),
    maturity_limit: Number(formText(form, "maturity_limit")),
    is_child: form.has("is_child"),
    ...(isAvatar(avatar) && { avatar }),
  };
}

function isAvatar(name: string): name is Profile["avatar"] {
  return Object.hasOwn(faces, name);
}
