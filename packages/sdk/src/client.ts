import type { paths } from "@flix/openapi";
import createOpenapiClient, { type Client as OpenapiClient } from "openapi-fetch";
import { systemClock, type Clock } from "./clock.ts";
import { errorOfResponse } from "./errors.ts";
import { sendWithRetries, type CallLimits, type Transport } from "./transport.ts";

/**
 * The core: openapi-fetch (typed paths) over ky (retries, time limits). `client.GET("/v1/titles", ...)` and its kin answer
 * `{ data, error, response }` as openapi-fetch does; the functions of `@flix/sdk`, one an operation, answer the body or throw a `FlixError`.
 */
export function createClient(options: ClientOptions): Client {
  const { clock = systemClock, timeoutMs = 30_000, maxRetries = 3, headers } = options;
  const server = options.server.replace(/\/+$/, "");
  const transport = { clock, fetch: fetchWithToken(options, server, clock) };
  const sender = (limits?: Partial<CallLimits>) => (request: Request) =>
    sendWithRetries(request, { timeoutMs, maxRetries, ...limits }, transport);
  const openapi = createOpenapiClient<paths>({
    baseUrl: server,
    headers,
    fetch: sender(),
    bodySerializer: (body) => (isBinary(body) ? body : JSON.stringify(body)),
  });
  const send = async ({ method, path, limits, ...init }: RawRequest) => {
    // The one place that leaves the typed paths: `path` is a contract's path with its parameters filled in.
    const untyped = openapi as unknown as OpenapiClient<Record<string, UntypedPath>>;
    const request = { ...init, parseAs: "stream" as const, fetch: sender(limits) };
    const { error, response } = await untyped.request(method, path, request);
    if (!response.ok) throw errorOfResponse(error, response);
    return response;
  };
  const authorization = async () => {
    const token = options.token ?? (await options.tokenProvider?.(contextOf(options, server, clock)));
    return token && `Bearer ${token}`;
  };
  return Object.assign(openapi, { server, clock, send, authorization });
}

export interface ClientOptions {
  /** Where the platform answers, such as `https://flix.example`. */
  server: string;
  /** An access token that the caller keeps fresh. */
  token?: string;
  /** Asked before each request; see `clientCredentials` and `refreshTokens`. */
  tokenProvider?: TokenProvider;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** The time limit of one try, to the end of its answer; 30 seconds by default. */
  timeoutMs?: number;
  /** Tries after the first one; 3 by default. */
  maxRetries?: number;
  /** Instead of the global fetch. */
  fetch?: (request: Request) => Promise<Response>;
  clock?: Clock;
}

export interface Client extends OpenapiClient<paths> {
  readonly server: string;
  readonly clock: Clock;
  /** Sends one request; throws a `FlixError` unless it succeeds. */
  send(request: RawRequest): Promise<Response>;
  /** The `Authorization` of a request made now, for one that a library sends by itself; undefined where nobody is signed in. */
  authorization(): Promise<string | undefined>;
}

/** Answers the access token, or undefined to send none. `rejectedToken` is one that the server has just refused with 401. */
export type TokenProvider = (context: TokenContext) => string | undefined | Promise<string | undefined>;

export interface TokenContext extends Transport {
  server: string;
  rejectedToken?: string;
}

export interface RawRequest {
  method: Method;
  path: string;
  params?: { query?: Record<string, unknown> };
  body?: unknown;
  headers?: Record<string, string | undefined>;
  signal?: AbortSignal;
  keepalive?: boolean;
  limits?: Partial<CallLimits>;
}

export type Method = "get" | "put" | "post" | "patch" | "delete";
type UntypedPath = Record<Method, UntypedOperation>;
interface UntypedOperation {
  requestBody?: { content: { "application/json": unknown } };
  responses: { 200: { content: { "application/json": unknown } } };
}

function contextOf(options: ClientOptions, server: string, clock: Clock): TokenContext {
  const fetch = options.fetch ?? ((request: Request) => globalThis.fetch(request));
  return { server, fetch, clock };
}

/** One try: with a token, and once more with a renewed one after a 401. */
function fetchWithToken(options: ClientOptions, server: string, clock: Clock) {
  const { token, tokenProvider } = options;
  const context = contextOf(options, server, clock);
  const { fetch } = context;
  return async (request: Request): Promise<Response> => {
    const first = token ?? (await unlessAborted(request.signal, tokenProvider?.(context)));
    if (!first || request.headers.has("authorization")) return fetch(request);
    const spare = tokenProvider && request.clone();
    const response = await fetch(authorize(request, first));
    if (response.status !== 401 || !spare) return response;
    const renewed = await unlessAborted(request.signal, tokenProvider({ ...context, rejectedToken: first }));
    return renewed && renewed !== first ? fetch(authorize(spare, renewed)) : response;
  };
}

/** A token is shared by many calls, so an aborted one stops waiting for it but does not stop it. */
function unlessAborted<T>(signal: AbortSignal, work: T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    Promise.resolve(work).then(resolve, reject);
  });
}

function authorize(request: Request, token: string): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}

export type BinaryBody = Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

export function isBinary(body: unknown): body is BinaryBody {
  return body instanceof Blob || body instanceof ArrayBuffer || body instanceof Uint8Array;
}
