import type { ModuleOperations, operations } from "@flix/openapi";
import { isBinary, type BinaryBody, type Client, type Method } from "./client.ts";
import { FlixError, unexpectedResponse } from "./errors.ts";
import { isEventStream, type CallLimits } from "./transport.ts";

/** Makes the function of one operation of the contract. */
export function operation<Id extends OperationId>(
  operationId: Id,
  method: Method,
  path: string,
): Operation<Id> {
  const call = async (client: Client, input: LooseInput = {}, options: CallOptions = {}) => {
    const { body, etag, ...params } = input;
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = params[name];
      delete params[name];
      // An empty or dotted segment would make another path of it: DELETE /v1/titles/.. is not a title's.
      if ((typeof value !== "string" && typeof value !== "number") || /^\.{0,2}$/.test(`${value}`))
        throw new FlixError("invalid_request", `${operationId} needs ${name}`);
      return encodeURIComponent(value);
    });
    const { idempotencyKey, ifMatch = etag, contentType, headers, signal, keepalive, ...limits } = options;
    const response = await client.send({
      method,
      path: filled,
      params: { query: params },
      body,
      signal,
      keepalive,
      limits,
      headers: {
        "content-type": contentType ?? mediaTypeOf(body),
        "idempotency-key": idempotencyKey,
        "if-match": ifMatch,
        ...headers,
      },
    });
    return readBody(response);
  };
  return Object.assign(call, { operationId, method, path });
}

export type OperationId = Extract<ModuleOperations[keyof ModuleOperations], keyof operations>;

/** `input` may be left out when nothing in it is required. */
export interface Operation<Id extends OperationId> {
  (client: Client, ...rest: CallArguments<Id>): Promise<Output<Id>>;
  readonly operationId: Id;
  readonly method: Method;
  readonly path: string;
}

export type CallArguments<Id extends OperationId> =
  Record<string, never> extends Input<Id>
    ? [input?: Input<Id>, options?: CallOptions]
    : [input: Input<Id>, options?: CallOptions];

/** Flat: path and query parameters by their names in the contract, `body`, and `etag` where the operation takes `If-Match`. */
export type Input<Id extends OperationId> = Simplify<
  PathOf<operations[Id]> & QueryOf<operations[Id]> & BodyOf<operations[Id]> & EtagOf<operations[Id]>
>;

/** The body of the success; undefined when it has none. */
export type Output<Id extends OperationId> = SuccessOf<operations[Id]["responses"]>;

export interface CallOptions extends Partial<CallLimits> {
  /** Of a POST; one is made when it is left out. Choose it yourself to repeat safely across restarts. */
  idempotencyKey?: string;
  /** The etag of the state that the change was made from; `etag` in the input does the same. */
  ifMatch?: string;
  /** Of a binary body; a Blob's own type is taken by default. */
  contentType?: string;
  signal?: AbortSignal;
  /** Lets the request outlive its page (64 KiB at most, by the fetch standard). */
  keepalive?: boolean;
  headers?: Record<string, string>;
}

/** An operation that was chosen at run time: nothing is known of its input. */
export interface AnyOperation {
  (client: Client, input?: LooseInput, options?: CallOptions): Promise<unknown>;
  readonly operationId: string;
  readonly method: Method;
  readonly path: string;
}

export interface LooseInput {
  body?: unknown;
  etag?: string;
  [parameter: string]: unknown;
}

type Simplify<T> = { [K in keyof T]: T[K] };
type PathOf<O> = O extends { parameters: { path: infer P } } ? P : unknown;
type QueryOf<O> = O extends { parameters: { query: infer Q } }
  ? Q
  : O extends { parameters: { query?: infer Q } }
    ? Present<Q>
    : unknown;
/** `never` is how openapi-typescript writes that there are none. */
type Present<T> = [Exclude<T, undefined>] extends [never] ? unknown : Exclude<T, undefined>;
type BodyOf<O> = O extends { requestBody: { content: infer C } }
  ? { body: BodyContent<C> }
  : O extends { requestBody?: { content: infer C } }
    ? { body?: BodyContent<C> }
    : unknown;
type BodyContent<C> = C extends { "application/json": infer J } ? J : BinaryBody;
type EtagOf<O> = O extends { parameters: { header?: infer H } }
  ? "If-Match" extends keyof Present<H>
    ? { etag?: string }
    : unknown
  : unknown;
type SuccessOf<R> = { [S in keyof R]: S extends 200 | 201 | 202 | 204 ? ContentOf<R[S]> : never }[keyof R];
type ContentOf<R> = R extends { content: infer C } ? MediaOf<C> : undefined;
type MediaOf<C> = C extends { "application/json": infer J }
  ? J
  : C extends { "text/event-stream": unknown }
    ? ReadableStream<Uint8Array>
    : C extends { "application/octet-stream": unknown }
      ? Blob
      : string;

function mediaTypeOf(body: unknown): string | undefined {
  if (!isBinary(body)) return undefined;
  return (body instanceof Blob && body.type) || "application/octet-stream";
}

/** What the contract promises for the operation; only its media type is checked here. */
async function readBody(response: Response) {
  if (!response.body || response.status === 204) return undefined;
  if (isEventStream(response)) return response.body;
  const type = response.headers.get("content-type") ?? "no media type";
  if (type.startsWith("application/octet-stream")) return response.blob();
  const text = await response.text();
  if (type.startsWith("text/plain")) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unexpectedResponse(type, { status: response.status, cause });
  }
}
