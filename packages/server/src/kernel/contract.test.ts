import { problems } from "@flix/openapi";
import { expect, test } from "vitest";
import { moduleNames } from "../config.ts";
import { readContract } from "./contract.ts";

const operations = readContract();

test("every operation of the contract can be served: a name of its own, a known module, its path's parameters", () => {
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { operationId, module, path, parameters, access } of operations) {
    expect(operationId).toMatch(/^[a-z]+([A-Z][a-z]+)+$/);
    expect(moduleNames).toContain(module);
    const inPath = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
    expect([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted()).toEqual(inPath.toSorted());
    expect(access.anonymous || access.scopeSets.length > 0).toBe(true);
  }
});

test("every change can be tried without being made, and every creation repeated", () => {
  for (const { operationId, method, parameters } of operations) {
    const names = parameters.map(({ name }) => name);
    if (method !== "get") expect(names, operationId).toContain("validate_only");
    if (method === "patch") expect(names, operationId).toContain("If-Match");
  }
});

test("every error code has a status, a title and what to do next", () => {
  for (const [code, { status, title, fix }] of Object.entries(problems)) {
    expect(code).toMatch(/^[a-z]+(_[a-z0-9]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title.length * fix.length).toBeGreaterThan(0);
  }
});

test("references are resolved, and keywords beside one are laid over it", () => {
  const schemas = {
    Name: { type: "string", description: "A name" },
    "a/b~c": { $ref: "#/components/schemas/Name", description: "Another" },
  };
  const [operation] = readContract(contractOf({ $ref: "#/components/schemas/a~1b~0c" }, schemas));
  expect(operation?.body?.schema).toEqual({ type: "string", description: "Another" });
});

test("what the registrar cannot serve is named", () => {
  const circle = { Node: { properties: { next: { $ref: "#/components/schemas/Node" } } } };
  expect(() => readContract(contractOf({ $ref: "#/components/schemas/Node" }, circle))).toThrow(
    "#/components/schemas/Node -> #/components/schemas/Node",
  );
  const inCookie = [{ name: "session", in: "cookie", schema: {} }];
  expect(() => readContract(contractOf({}, {}, { parameters: inCookie }))).toThrow(
    "session stands in cookie",
  );
  expect(() => readContract(contractOf({}, {}, { responses: { 400: {} } }))).toThrow(
    "no successful response",
  );
});

test.each([
  ["nothing said: the contract's own", undefined, { anonymous: false, scopeSets: [["catalog:read"]] }],
  ["an empty list: open", [], { anonymous: true, scopeSets: [] }],
  [
    "an empty alternative: open, and a token counts",
    [{}, { oauth: ["a"] }],
    { anonymous: true, scopeSets: [["a"]] },
  ],
  [
    "alternatives",
    [{ oauth: ["a", "b"] }, { oauth: ["c"] }],
    { anonymous: false, scopeSets: [["a", "b"], ["c"]] },
  ],
])("security with %s", (_, security, access) => {
  const [operation] = readContract(contractOf({}, {}, security === undefined ? {} : { security }));
  expect(operation?.access).toEqual(access);
});

function contractOf(schema: object, schemas: object, rest: object = {}): object {
  const operation = {
    operationId: "setThing",
    tags: ["test"],
    summary: "",
    requestBody: { required: true, content: { "application/json": { schema } } },
    responses: { 200: { description: "", content: { "application/json": { schema: {} } } } },
    ...rest,
  };
  return {
    security: [{ oauth: ["catalog:read"] }],
    paths: { "/v1/x": { put: operation } },
    components: { schemas },
  };
}
