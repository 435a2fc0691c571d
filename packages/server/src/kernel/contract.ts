import bundled from "@flix/openapi/flix.json" with { type: "json" };

export type JsonSchema = { [keyword: string]: unknown };
export type Method = "get" | "put" | "post" | "patch" | "delete";

/** What the registrar needs to know of one operation; read from the bundled contract, references resolved. */
export interface ContractOperation {
  operationId: string;
  module: string;
  method: Method;
  /** With `{name}` for path parameters. */
  path: string;
  summary: string;
  /** Whether no token is needed; and the sets of scopes, any one of which opens it to a token (an empty set: any). */
  access: { anonymous: boolean; scopeSets: string[][] };
  parameters: Parameter[];
  body: { required: boolean; contentTypes: string[]; schema: JsonSchema | undefined } | undefined;
  responses: Record<string, { contentType: string; schema: JsonSchema } | undefined>;
  successStatus: number;
  bodyLimitBytes: number | undefined;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: JsonSchema;
}

const methods: Method[] = ["get", "put", "post", "patch", "delete"];

/** All operations of a contract, in its order. */
export function readContract(contract: unknown = bundled): ContractOperation[] {
  const root = record(dereference(contract, contract, []));
  const defaultSecurity = list(root["security"]);
  return Object.entries(record(root["paths"])).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = record(item)[method];
      return operation === undefined
        ? []
        : [readOperation(method, path, record(operation), list(record(item)["parameters"]), defaultSecurity)];
    }),
  );
}

function readOperation(
  method: Method,
  path: string,
  operation: JsonSchema,
  shared: unknown[],
  defaultSecurity: unknown[],
): ContractOperation {
  const responses = readResponses(record(operation["responses"]));
  const successStatus = Object.keys(responses)
    .map(Number)
    .find((status) => status >= 200 && status < 300);
  if (successStatus === undefined) throw new Error(`${method} ${path} has no successful response`);
  const limit = operation["x-body-limit-bytes"];
  return {
    operationId: String(operation["operationId"]),
    module: String(list(operation["tags"])[0]),
    method,
    path,
    summary: String(operation["summary"]),
    access: readAccess(operation["security"] === undefined ? defaultSecurity : list(operation["security"])),
    parameters: [...shared, ...list(operation["parameters"])].map(readParameter),
    body: operation["requestBody"] === undefined ? undefined : readBody(record(operation["requestBody"])),
    responses,
    successStatus,
    bodyLimitBytes: typeof limit === "number" ? limit : undefined,
  };
}

function readAccess(security: unknown[]): ContractOperation["access"] {
  const alternatives = security.map((alternative) => Object.values(record(alternative)));
  return {
    anonymous: alternatives.length === 0 || alternatives.some((schemes) => schemes.length === 0),
    scopeSets: alternatives
      .filter((schemes) => schemes.length > 0)
      .map((schemes) => schemes.flatMap((scopes) => list(scopes).map(String))),
  };
}

function readParameter(value: unknown): Parameter {
  const parameter = record(value);
  const location = parameter["in"];
  if (location !== "path" && location !== "query" && location !== "header") {
    throw new Error(
      `The parameter ${String(parameter["name"])} stands in ${String(location)}, which is not supported`,
    );
  }
  return {
    name: String(parameter["name"]),
    in: location,
    required: parameter["required"] === true,
    schema: record(parameter["schema"]),
  };
}

function readBody(body: JsonSchema): ContractOperation["body"] {
  const content = record(body["content"]);
  const json = content["application/json"];
  const schema = json === undefined ? undefined : record(record(json)["schema"]);
  return { required: body["required"] === true, contentTypes: Object.keys(content), schema };
}

function readResponses(responses: JsonSchema): ContractOperation["responses"] {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const [media] = Object.entries(record(record(response)["content"] ?? {}));
      if (media === undefined) return [status, undefined];
      return [status, { contentType: media[0], schema: record(record(media[1])["schema"]) }];
    }),
  );
}

/** Replaces each `$ref` by what it names; keywords beside a `$ref` (allowed by 3.1) are laid over it. */
function dereference(value: unknown, root: unknown, trail: string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => dereference(item, root, trail));
  if (typeof value !== "object" || value === null) return value;
  const { $ref: reference, ...rest } = record(value);
  const own = Object.fromEntries(
    Object.entries(rest).map(([key, item]) => [key, dereference(item, root, trail)]),
  );
  if (typeof reference !== "string") return own;
  if (trail.includes(reference))
    throw new Error(`The contract refers in a circle: ${[...trail, reference].join(" -> ")}`);
  return { ...record(dereference(resolve(reference, root), root, [...trail, reference])), ...own };
}

function resolve(reference: string, root: unknown): unknown {
  const steps = reference.replace(/^#\//, "").split("/");
  return steps.reduce<unknown>(
    (node, step) => record(node)[step.replaceAll("~1", "/").replaceAll("~0", "~")],
    root,
  );
}

function record(value: unknown): JsonSchema {
  if (!isRecord(value))
    throw new Error(`The contract has ${JSON.stringify(value)} where an object should be`);
  return value;
}

function isRecord(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
