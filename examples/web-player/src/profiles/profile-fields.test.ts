import { expect, test } from "vitest";
import { avatarNames, maturityLimits, readProfileForm, shownLimit, unusedAvatar } from "./profile-fields.ts";

test("A child is offered nothing above 12", () => {
  expect(Math.max(...maturityLimits(true).map(({ value }) => value))).toBe(12);
  expect(Math.max(...maturityLimits(false).map(({ value }) => value))).toBe(21);
});

test("A stored limit is shown as the highest choice that admits no more", () => {
  expect(shownLimit(undefined, false)).toBe(21);
  expect(shownLimit(undefined, true)).toBe(7);
  expect(shownLimit(18, false)).toBe(16);
  expect(shownLimit(21, true)).toBe(12);
  expect(shownLimit(0, false)).toBe(0);
});

test("The form becomes the contract's fields", () => {
  const form = new FormData();
  form.set("name", "  Ada ");
  form.set("avatar", "owl");
  form.set("maturity_limit", "16");
  expect(readProfileForm(form)).toEqual({ name: "Ada", avatar: "owl", maturity_limit: 16, is_child: false });
  form.set("avatar", "constructor");
  form.set("is_child", "on");
  expect(readProfileForm(form)).toEqual({ name: "Ada", maturity_limit: 16, is_child: true });
});

test("A new profile gets a picture that no other has, while there is one", () => {
  const first = unusedAvatar([]);
  expect(unusedAvatar([{ avatar: first }])).not.toBe(first);
  expect(avatarNames).toContain(unusedAvatar(avatarNames.map((avatar) => ({ avatar }))));
});

test("The player draws every picture that the contract names", () => {
  expect(avatarNames).toHaveLength(12);
});
