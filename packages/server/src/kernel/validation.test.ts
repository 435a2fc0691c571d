import { expect, it } from "vitest";
import { readContract } from "./contract.ts";
import { FlixError } from "./errors.ts";
import { createRequestValidator } from "./validation.ts";

function validatorOf(operationId: string) {
  const operation = readContract().find((candidate) => candidate.operationId === operationId);
  if (!operation) throw new Error(`The contract has no ${operationId}`);
  return createRequestValidator(operation);
}

function errorsOf(check: () => void): FlixError["errors"] {
  try {
    check();
  } catch (error) {
    if (error instanceof FlixError && error.code === "invalid_request") return error.errors;
    throw error;
  }
  return undefined;
}

const message = "must be well-formed Unicode without U+0000";

it.each([
  ["half a surrogate pair", "\ud83c"],
  ["U+0000", "a\0b"],
])("refuses %s wherever it stands, and says where", (_kind, text) => {
  const createTitle = validatorOf("createTitle");
  const title = { kind: "film", title: "A film" };
  const cast = [{ name: "Ada", role: "actor", character: text }];
  expect(errorsOf(() => createTitle.body({ ...title, title: text }, 100))).toEqual([
    { pointer: "/title", message },
  ]);
  expect(errorsOf(() => createTitle.body({ ...title, cast }, 100))).toEqual([
    { pointer: "/cast/0/character", message },
  ]);
  expect(errorsOf(() => validatorOf("listTitles").query({ q: text }))).toEqual([
    { pointer: "query.q", message },
  ]);
});

it("lets every other character through", () => {
  const title = { kind: "film", title: "Amélie 🐰 \u{10FFFF}\r\n\u001b[31m" };
  expect(errorsOf(() => validatorOf("createTitle").body(title, 100))).toBeUndefined();
});

it("knows no field where the contract has no body", () => {
  const publishTitle = validatorOf("publishTitle");
  for (const nothing of [undefined, null, {}])
    expect(errorsOf(() => publishTitle.body(nothing, 2))).toBeUndefined();
  expect(errorsOf(() => publishTitle.body({ role: "admin" }, 20))).toEqual([
    { pointer: "/role", message: "is not a known field" },
  ]);
  for (const something of ["text", 7, Buffer.from("bytes")]) {
    expect(errorsOf(() => publishTitle.body(something, 20))).toMatchObject([{ pointer: "" }]);
  }
});

it.each([
  ["2026-11-22T09:30:00.000Z", true],
  ["2026-11-22t09:30:00.123456+01:00", true],
  ["1000-01-01T00:00:00Z", true],
  ["9999-12-31T23:59:59.999Z", true],
  ["2026-12-31T23:59:60Z", false],
  ["0000-01-01T00:00:00Z", false],
  ["9999-12-31T23:59:59.999-01:00", false],
  ["2026-02-30T00:00:00Z", false],
  ["2026-11-22", false],
])("takes times that both JavaScript and PostgreSQL know: %s", (from, allowed) => {
  const errors = errorsOf(() => validatorOf("getPlaybackReport").query({ from }));
  expect(errors?.map(({ pointer }) => pointer)).toEqual(allowed ? undefined : ["query.from"]);
});
