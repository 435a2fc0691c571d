import { FlixError } from "@flix/sdk";
import { expect, test } from "vitest";
import { problems } from "../../../../openapi/generated/problems.ts";
import { knownCodes, referenceOf, wordsOf } from "./words.ts";

/** Codes that do not come from the API: the SDK's own, OAuth's, and the player's. */
const elsewhere = [
  "network_error",
  "timeout",
  "state_mismatch",
  "access_denied",
  "insecure_page",
  "not_a_viewer",
];

test("Every code that has words exists", () => {
  const codes = new Set([...Object.keys(problems), ...elsewhere]);
  expect(knownCodes.filter((code) => !codes.has(code))).toEqual([]);
});

test("What keeps a viewer from watching says what to do", () => {
  const codes = ["not_entitled", "maturity_blocked", "territory_not_available", "title_not_available"];
  for (const code of codes) expect(wordsOf(new FlixError(code, code)).action).toBeDefined();
});

test("An unknown code still says something, and names what support needs", () => {
  const error = new FlixError("brand_new", "Something new", { status: 418, requestId: "req_1" });
  expect(wordsOf(error).text).toBe("Something new");
  expect(referenceOf(error)).toBe("brand_new · req_1");
  expect(wordsOf(new FlixError("internal_error", "x", { status: 500 })).text).toContain("on our side");
});
