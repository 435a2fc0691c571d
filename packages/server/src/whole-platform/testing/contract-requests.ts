import bundled from "@flix/openapi/flix.json" with { type: "json" };
import { readContract, type ContractOperation } from "../../kernel/contract.ts";
import { png } from "../../modules/catalog/testing/images.ts";
import { contentDigest, newPackage, sha256, smallFiles } from "../../modules/media/testing/media.ts";
import { waitingFiles, type Belongings, type Stock } from "./belongings.ts";
import { newEmail, type Person } from "./people.ts";
import type { SentRequest } from "./send.ts";

export const operations: readonly ContractOperation[] = readContract();

/** The ids that a request names, by the names of path parameters. */
export type Named = Stock & Belongings;

export interface ContractRequest {
  operation: ContractOperation;
  path: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** JSON where it is no buffer. */
  body: unknown;
}

/** A request that the contract allows: its own example, about these resources. Mutations only validate. */
export function requestOf(operation: ContractOperation, named: Named, now: Date): ContractRequest {
  const isMutation = operation.method !== "get";
  return {
    operation,
    path: pathOf(operation, named),
    query: isMutation ? { validate_only: "true" } : {},
    headers: headersOf(operation),
    body: operation.body === undefined ? undefined : bodyOf(operation, named, now),
  };
}

/** The same as `app.inject` takes it. */
export function toInject(request: ContractRequest, { token }: Pick<Person, "token">): SentRequest {
  const { operation, path, query, headers, body } = request;
  const url = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => path[name] ?? "");
  return {
    method: methods[operation.method],
    url: `${url}?${new URLSearchParams(query)}`,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { payload: Buffer.isBuffer(body) ? body : Object(body) }),
  };
}

const methods = { get: "GET", put: "PUT", post: "POST", patch: "PATCH", delete: "DELETE" } as const;

function pathOf({ parameters }: ContractOperation, named: Named): Record<string, string> {
  const values: Record<string, string> = {
    ...named,
    genre_slug: "animation",
    kind: "poster",
    part_number: "1",
    file_path: "package.json",
  };
  const names = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      if (value === undefined) throw new Error(`No value is known for the path parameter ${name}`);
      return [name, value];
    }),
  );
}

function headersOf({ operationId, parameters }: ContractOperation): Record<string, string> {
  if (operationId === "setTitleArtwork") return { "content-type": "image/png" };
  if (operationId === "putUploadPart") {
    return { "content-type": "application/octet-stream", "content-digest": contentDigest(part) };
  }
  return parameters.some(({ name }) => name === "If-Match") ? { "if-match": "*" } : {};
}

const part = waitingFiles["master.m3u8"] ?? Buffer.alloc(0);

/** Where the contract's example names something that is not there, or has no example at all. */
function bodyOf({ operationId, path, method }: ContractOperation, named: Named, now: Date): unknown {
  if (operationId === "setTitleArtwork") return png(600, 900);
  if (operationId === "putUploadPart") return part;
  if (operationId === "grantPackageUploads" || operationId === "confirmUploadedParts") {
    return { parts: [{ upload_id: named.upload_id, part_number: 1, sha256: sha256(part) }] };
  }
  if (operationId === "createPackage") return newPackage(smallFiles("another"));
  if (operationId === "acquireLicense") return { kids: [named.kid], type: "temporary" };
  if (operationId === "advanceTestClock") return { to: new Date(now.getTime() + 3_600_000).toISOString() };
  return withNames(exampleOf(path, method), named);
}

/** What the contract shows as an example of an operation's body. */
export function exampleOf(path: string, method: string): unknown {
  const paths: Record<string, Record<string, unknown>> = bundled.paths;
  return find(paths[path]?.[method], "requestBody", "content", "application/json", "example");
}

function find(value: unknown, ...steps: string[]): unknown {
  return steps.reduce<unknown>(
    (node, step) => (typeof node === "object" && node !== null ? Reflect.get(node, step) : undefined),
    value,
  );
}

const exampleId = /(acc|prf|ttl|pln|ast|pkg|pbs)_01k9v3c4x5e6f7g8h9j0kmnpqr/g;
const nameOf: Record<string, keyof Named> = {
  acc: "account_id",
  prf: "profile_id",
  ttl: "title_id",
  pln: "plan_id",
  ast: "asset_id",
  pkg: "package_id",
  pbs: "session_id",
};

function withNames(example: unknown, named: Named): unknown {
  const text = JSON.stringify(example)
    .replaceAll(exampleId, (id, prefix: string) => named[nameOf[prefix] ?? "title_id"] ?? id)
    .replaceAll(/"[^"@]+@example\.org"/g, () => JSON.stringify(newEmail()));
  return JSON.parse(text);
}
