import fc from "fast-check";
import { expect, test } from "vitest";
import { readContract, type ContractOperation } from "./contract.ts";
import { FlixError } from "./errors.ts";
import { createRequestValidator } from "./validation.ts";

const operation: ContractOperation = {
  operationId: "createThing",
  module: "test",
  method: "post",
  path: "/v1/things/{thing_id}",
  summary: "",
  access: { anonymous: false, scopeSets: [] },
  parameters: [
    { name: "thing_id", in: "path", required: true, schema: { type: "string", pattern: "^thg_[0-9]+$" } },
    { name: "page_size", in: "query", required: false, schema: { type: "integer", minimum: 1, default: 20 } },
    { name: "validate_only", in: "query", required: false, schema: { type: "boolean" } },
    { name: "from", in: "query", required: true, schema: { type: "string", format: "date-time" } },
  ],
  body: {
    required: true,
    contentTypes: ["application/json"],
    schema: {
      type: "object",
      additionalProperties: false,
      required: ["title", "kind"],
      properties: {
        title: { type: "string", minLength: 1, maxLength: 10 },
        kind: { enum: ["film", "series"] },
        cast: {
          type: "array",
          items: {
            type: "object",
            additionalProperties: false,
            required: ["name"],
            properties: { name: { type: "string" } },
          },
        },
        "a/b~c": { type: "integer" },
        email: { type: "string", pattern: "^[^@]+@[^@]+$", examples: ["ada@example.org"] },
      },
    },
  },
  responses: {},
  successStatus: 200,
  bodyLimitBytes: undefined,
};
const validator = createRequestValidator(operation);
const film = { title: "x", kind: "film" };

test.each([
  ["a missing field", { kind: "film" }, "/title", "is required"],
  ["an unknown field", { ...film, role: "admin" }, "/role", "is not a known field"],
  ["a wrong type", { ...film, title: 7 }, "/title", "must be string"],
  ["a text of another form", { ...film, email: "ada" }, "/email", 'must look like "ada@example.org"'],
  ["a number in quotes", { ...film, "a/b~c": "7" }, "/a~1b~0c", "must be integer"],
  [
    "a text that is too long",
    { ...film, title: "x".repeat(11) },
    "/title",
    "must NOT have more than 10 characters",
  ],
  ["another word", { ...film, kind: "book" }, "/kind", "must be one of film, series"],
  ["a field deep inside", { ...film, cast: [{ name: "a" }, {}] }, "/cast/1/name", "is required"],
  [
    "an unknown field deep inside",
    { ...film, cast: [{ name: "a", x: 1 }] },
    "/cast/0/x",
    "is not a known field",
  ],
  [
    "a field of the prototype",
    JSON.parse('{"title":"x","kind":"film","constructor":1}'),
    "/constructor",
    "is not a known field",
  ],
  ["an unknown field whose name is no pointer", { ...film, "x/y~z": 1 }, "/x~1y~0z", "is not a known field"],
  ["a list", [], "", "must be object"],
  ["nothing", undefined, "", "a body is required"],
  ["null", null, "", "a body is required"],
])("of a body with %s the place and the reason are told", (_, body, pointer, message) => {
  const problem = refusalOf(() => validator.body(body, 100));
  expect(problem?.errors).toEqual([{ pointer, message }]);
  expect(problem?.message).toBe(`${pointer || "The body"} ${message}.`);
});

test("of a small body all that is wrong is told, at most twenty; of a large one the first", () => {
  const wrong = {
    ...film,
    ...Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`x${number}`, 1])),
  };
  expect(refusalOf(() => validator.body(wrong, 1_000))?.errors).toHaveLength(20);
  expect(refusalOf(() => validator.body(wrong, 33_000))?.errors).toHaveLength(1);
});

test("what fits passes, and a body is never changed", () => {
  const body = { ...film, cast: [{ name: "a" }] };
  const before = structuredClone(body);
  validator.body(body, 100);
  expect(body).toEqual(before);
});

test("parameters become what the contract says they are", () => {
  const query = { page_size: "7", validate_only: "true", from: "2026-11-22T12:00:00Z" };
  validator.query(query);
  expect(query).toEqual({ page_size: 7, validate_only: true, from: "2026-11-22T12:00:00Z" });
  const least: Record<string, unknown> = { from: "2026-11-22T12:00:00Z" };
  validator.query(least);
  expect(least["page_size"]).toBe(20);
});

test.each([
  ["page_size", { page_size: "many" }, "query.page_size"],
  ["page_size", { page_size: "" }, "query.page_size"],
  ["page_size", { page_size: "1.5" }, "query.page_size"],
  ["page_size", { page_size: ["1", "2"] }, "query.page_size"],
  ["validate_only", { validate_only: "yes" }, "query.validate_only"],
  ["from", { from: "yesterday" }, "query.from"],
  ["an unknown one", { unheard_of: "1" }, "query.unheard_of"],
])("the query parameter %s that does not fit is named", (_, wrong, pointer) => {
  const query = { from: "2026-11-22T12:00:00Z", ...wrong };
  expect(refusalOf(() => validator.query(query))?.errors?.[0]?.pointer).toBe(pointer);
});

test("a path parameter that does not fit is named", () => {
  expect(refusalOf(() => validator.params({ thing_id: "../x" }))?.errors?.[0]?.pointer).toBe("path.thing_id");
});

test("any JSON as the body of any operation of the contract is passed or refused with invalid_request", () => {
  const validators = readContract().map(createRequestValidator);
  fc.assert(
    fc.property(
      fc.constantFrom(...validators),
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.string()),
      (one, body, query) => {
        for (const check of [() => one.body(body, 1_000), () => one.query(query), () => one.params(query)]) {
          expect([undefined, "invalid_request"]).toContain(refusalOf(check)?.code);
        }
      },
    ),
    { numRuns: 300 },
  );
});

function refusalOf(check: () => void): FlixError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof FlixError) return error;
    throw error;
  }
}
