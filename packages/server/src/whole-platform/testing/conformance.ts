import { problems } from "@flix/openapi";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ContractOperation } from "../../kernel/contract.ts";
import type { Sent } from "./send.ts";

/** Statuses that any operation may answer beside its own: the platform's, before an operation has a say. */
const platformStatuses = [400, 401, 403, 404, 408, 413, 415, 429];

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const validators = new Map<object, ValidateFunction>();

/** What is wrong with an answer by the contract; undefined when it conforms. */
export function faultOf(operation: ContractOperation, answer: Sent): string | undefined {
  const { statusCode: status } = answer;
  if (status >= 500) return `${status}: ${answer.body}`;
  const documented = String(status) in operation.responses;
  if (status >= 400) {
    if (!documented && !platformStatuses.includes(status)) return `${status} is not documented`;
    return problemFault(answer);
  }
  if (!documented) return `${status} is not documented`;
  return bodyFault(operation.responses[status], answer);
}

/** What is wrong with a problem (RFC 9457), wherever it comes from. */
export function problemFault(answer: Sent): string | undefined {
  const type = String(answer.headers["content-type"]);
  if (!type.startsWith("application/problem+json")) return `an error as ${type}: ${answer.body}`;
  const { code, status, request_id, title, type: page } = parse(answer);
  const known = Object.entries(problems).find(([name]) => name === code)?.[1];
  if (known === undefined) return `the code ${String(code)} is not in the contract`;
  if (known.status !== answer.statusCode || status !== answer.statusCode)
    return `${String(code)} came as ${answer.statusCode}`;
  if (known.title !== title || page !== `/docs/errors/${String(code)}`)
    return "the title or type is not the code's";
  if (request_id !== answer.headers["x-request-id"]) return "the request_id is not the request's";
  return undefined;
}

function parse({ body }: Sent): Record<string, unknown> {
  const value: unknown = JSON.parse(body);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function bodyFault(
  expected: { contentType: string; schema: object } | undefined,
  answer: Sent,
): string | undefined {
  if (expected === undefined)
    return answer.body === "" ? undefined : `a body where there is none: ${answer.body}`;
  const type = String(answer.headers["content-type"]).split(";", 1)[0];
  if (type !== expected.contentType) return `${type} in place of ${expected.contentType}`;
  if (type !== "application/json") return undefined;
  const validate = validators.get(expected.schema) ?? ajv.compile(expected.schema);
  validators.set(expected.schema, validate);
  return validate(JSON.parse(answer.body))
    ? undefined
    : `${ajv.errorsText(validate.errors)} in ${answer.body}`;
}
