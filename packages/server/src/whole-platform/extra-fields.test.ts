import { afterAll, beforeAll, expect, it } from "vitest";
import type { ContractOperation, JsonSchema } from "../kernel/contract.ts";
import { faultOf } from "./testing/conformance.ts";
import { operations, requestOf, toInject, type Named } from "./testing/contract-requests.ts";
import { fingerprints } from "./testing/fingerprints.ts";
import { send } from "./testing/send.ts";
import { startStockedPlatform, type StockedPlatform } from "./testing/stocked-platform.ts";

let platform: StockedPlatform["platform"];
let named: Named;
let personFor: StockedPlatform["personFor"];

beforeAll(async () => {
  ({ platform, named, personFor } = await startStockedPlatform());
});
afterAll(() => platform?.close());

/** Fields that would give their sender more, were they taken. */
const wishes: [name: string, value: string][] = [
  ["role", '"admin"'],
  ["account_id", '"acc_01k9v3c4x5e6f7g8h9j0kmnpqr"'],
  ["plan", '"premium"'],
  ["scopes", '["operators:write"]'],
  ["state", '"active"'],
  ["email_verified", "true"],
  ["__proto__", '{"role":"admin"}'],
  ["constructor", '{"prototype":{"role":"admin"}}'],
];

const fieldsOf = (schema: JsonSchema | undefined) => Object.keys(Object(schema?.["properties"]));
const plainly = (operation: ContractOperation) => ({
  ...requestOf(operation, named, platform.clock.now()),
  query: {},
});
const mutations = operations.filter(
  ({ method, body }) => method !== "get" && (body === undefined || body.schema !== undefined),
);

it.each(mutations)("$operationId takes no field that the contract does not name", async (operation) => {
  const { root: database } = platform.kernel.database("users");
  const before = await fingerprints(database);
  const known = new Set(fieldsOf(operation.body?.schema));
  for (const [name, value] of wishes.filter(([wish]) => !known.has(wish))) {
    const request = plainly(operation);
    const valid = JSON.stringify(request.body ?? {});
    const body = Buffer.from(`{"${name}":${value}${valid === "{}" ? "" : ","}${valid.slice(1)}`);
    const headers = { ...request.headers, "content-type": "application/json" };
    const answer = await send(platform, toInject({ ...request, headers, body }, personFor(operation)));
    expect(faultOf(operation, answer), answer.body).toBeUndefined();
    expect([answer.statusCode, JSON.parse(answer.body).code], name).toEqual([400, "invalid_request"]);
  }
  expect(await fingerprints(database)).toEqual(before);
});

it.each(operations)(
  "$operationId takes no query parameter that the contract does not name",
  async (operation) => {
    const known = new Set(operation.parameters.map(({ name }) => name));
    for (const [name] of wishes.filter(([wish]) => !known.has(wish))) {
      const request = { ...plainly(operation), query: { [name]: "admin" } };
      const answer = await send(platform, toInject(request, personFor(operation)));
      expect([answer.statusCode, JSON.parse(answer.body).code], name).toEqual([400, "invalid_request"]);
    }
  },
);

it("no object in a request is open to fields without a name or a rule", () => {
  for (const { operationId, body } of operations) {
    const open = body?.schema === undefined ? undefined : openObject(body.schema, "");
    expect(open, `${operationId} takes anything at ${open}`).toBeUndefined();
  }
});

/** Where a schema lets an object have fields that it says nothing about. */
function openObject(schema: unknown, path: string): string | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  const { type, additionalProperties, patternProperties, properties, items } = { ...schema } as JsonSchema;
  const isObject = type === "object" || properties !== undefined || patternProperties !== undefined;
  if (isObject && additionalProperties !== false && typeof additionalProperties !== "object")
    return `${path}/`;
  const parts: [string, unknown][] = [
    ...Object.entries(Object(properties)),
    ...Object.entries(Object(patternProperties)),
    ["*", additionalProperties],
    ["0", items],
  ];
  return parts
    .map(([name, part]) => openObject(part, `${path}/${name}`))
    .find((found) => found !== undefined);
}
