import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { ContractOperation, Parameter } from "../../kernel/contract.ts";
import { requestOf, toInject, type ContractRequest, type Named } from "./contract-requests.ts";
import { fromSchema } from "./from-schema.ts";
import type { SentRequest } from "./send.ts";
import {
  strangeBodies,
  strangeCursors,
  strangeHeaders,
  strangeQueryEnds,
  strangeSegments,
  strangeTexts,
  strangeValues,
} from "./strange-values.ts";

/**
 * Requests of an operation as clients with faults or with intent send them: the contract's example, or what its schemas
 * allow, with parts spoiled; some are right all the same. Mutations only validate, so that a seed always meets the same
 * platform.
 */
export function malformed(operation: ContractOperation, named: Named, now: Date): fc.Arbitrary<SentRequest> {
  const valid = requestOf(operation, named, now);
  const parts = fc.record({
    path: fc.record(mapValues(valid.path, (value) => mostly(fc.constant(value), strangeSegments))),
    query: queries(operation, named).map((query) => ({ ...query, ...valid.query })),
    headers: mostly(fc.constant({}), strangeHeaders),
    body: operation.body === undefined ? mostly(fc.constant(undefined), strangeBodies) : bodies(valid, named),
    end: mostly(fc.constant(""), strangeQueryEnds),
  });
  return parts.map(({ path, query, headers, body, end }) => {
    const type: Record<string, string> = Buffer.isBuffer(body) ? { "content-type": "application/json" } : {};
    const sent = toInject(
      { operation, path, query, headers: { ...type, ...valid.headers, ...headers }, body },
      {},
    );
    return { ...sent, url: `${sent.url}${end}` };
  });
}

function queries({ parameters }: ContractOperation, named: Named): fc.Arbitrary<Record<string, string>> {
  const own = parameters.filter(({ in: place, name }) => place === "query" && name !== "validate_only");
  const values = own.map((parameter) => [parameter.name, queryValue(parameter, named)] as const);
  return fc
    .record(Object.fromEntries(values), { requiredKeys: [] })
    .map((record) => mapValues(record, (value) => value ?? ""));
}

function queryValue({ name, schema }: Parameter, named: Named): fc.Arbitrary<string> {
  if (name === "cursor") return fc.oneof(strangeCursors, strangeTexts);
  return mostly(fromSchema(schema, named).map(String), strangeTexts);
}

function bodies({ operation, body }: ContractRequest, named: Named): fc.Arbitrary<unknown> {
  const schema = operation.body?.schema;
  if (schema === undefined) {
    return fc.oneof(
      fc.constant(body),
      fc.uint8Array({ maxLength: 200 }).map(Buffer.from),
      fc.constant(undefined),
    );
  }
  const allowed = fc.oneof(fc.constant(asJson(body)), fromSchema(schema, named));
  const changes = fc.array(fc.tuple(fc.nat(), strangeValues), { minLength: 1, maxLength: 2 });
  const spoiled = fc.tuple(allowed, changes).map(([value, spots]) => {
    return spots.reduce((now, [at, to]) => spoil(now, at, to), value);
  });
  const text = JSON.stringify(body);
  return fc.oneof(
    { weight: 2, arbitrary: allowed },
    { weight: 4, arbitrary: spoiled },
    { weight: 2, arbitrary: strangeBodies },
    { weight: 1, arbitrary: fc.nat(text.length).map((end) => Buffer.from(text.slice(0, end))) },
    { weight: 1, arbitrary: fc.constant(gzipSync(text)) },
  );
}

/** Puts `to` somewhere into the value, in place of what stands there or beside it. */
function spoil(value: fc.JsonValue, at: number, to: fc.JsonValue): fc.JsonValue {
  if (typeof value !== "object" || value === null) return to;
  const names = Object.keys(value);
  const name = names[at % (names.length + 1)];
  if (name === undefined) return Array.isArray(value) ? [...value, to] : { ...value, unheard_of: to };
  const change = (item: fc.JsonValue) => (at % 3 === 0 ? spoil(item, Math.floor(at / 3), to) : to);
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === name ? change(item) : item));
  return mapValues(value, (item, key) => (key === name ? change(item ?? null) : (item ?? null)));
}

function mostly<Usual, Odd>(usual: fc.Arbitrary<Usual>, odd: fc.Arbitrary<Odd>): fc.Arbitrary<Usual | Odd> {
  return fc.oneof<[fc.WeightedArbitrary<Usual>, fc.WeightedArbitrary<Odd>]>(
    { weight: 4, arbitrary: usual },
    { weight: 1, arbitrary: odd },
  );
}

function asJson(value: unknown): fc.JsonValue {
  return JSON.parse(JSON.stringify(value));
}

function mapValues<From, To>(
  record: Record<string, From>,
  map: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value, name)]));
}
