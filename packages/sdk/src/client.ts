import type { paths } from "@flix/openapi";
import ky, { HTTPError, TimeoutError } from "ky";
import createOpenapiClient, { type Client as OpenapiClient } from "openapi-fetch";
import { systemClock, type Clock } from "./clock.ts";
import { errorOfResponse, FlixError, isFlixError } from "./errors.ts";
import { retryOptions } from "./retry.ts";
import { uuidv7 } from "./uuid.ts";

/**
 * The core: openapi-fetch (typed paths) over ky (retries, time limits). `client.GET("/v1/titles", ...)` and its kin answer
 * `{ data, error, response }` as openapi-fetch does; the functions of `@flix/sdk`, one an operation, answer the body or throw a `FlixError`.
 */
export function createClient(options: ClientOptions): Client {
  const { clock = systemClock, timeoutMs = 30_000, maxRetries = 3 } = options;
  const server = options.server.replace(/\/+$/, "");
  const send = createAttempt(options, server, clock);
  const transport = (limits: CallLimits) => (request: Request) =>
    fetchWithRetries(request, send, { timeoutMs, maxRetries, ...limits }, clock);
  const openapi: OpenapiClient<paths> = createOpenapiClient<paths>({
    baseUrl: server,
    headers: options.headers,
    fetch: transport({}),
    bodySerializer: serializeBody,
  });
  return Object.assign(openapi, {
    server,
    clock,
    send: async ({ method, path, limits, ...init }: RawRequest) => {
      // The one place that leaves the typed paths: `path` is a contract's path with its parameters filled in.
      const untyped = openapi as unknown as OpenapiClient<Record<string, UntypedPath>>;
      const request = { ...init, parseAs: "stream" as const, fetch: transport(limits) };
      const { error, response } = await untyped.request(method, path, request);
      if (!response.ok) throw errorOfResponse(error, response);
      return response;
    },
  });
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
}

/** Answers the access token, or undefined to send none. `rejectedToken` is one that the server has just refused with 401. */
export type TokenProvider = (context: TokenContext) => string | undefined | Promise<string | undefined>;

export interface TokenContext {
  server: string;
  fetch: (request: Request) => Promise<Response>;
  clock: Clock;
  rejectedToken?: string;
}

export interface CallLimits {
  timeoutMs?: number;
  maxRetries?: number;
}

export interface RawRequest {
  method: Method;
  path: string;
  params?: { query?: Record<string, unknown> };
  body?: unknown;
  headers?: Record<string, string | undefined>;
  signal?: AbortSignal;
  keepalive?: boolean;
  limits: CallLimits;
}

export type Method = "get" | "put" | "post" | "patch" | "delete";
type UntypedPath = Record<Method, UntypedOperation>;
interface UntypedOperation {
  requestBody?: { content: { "application/json": unknown } };
  responses: { 200: { content: { "application/json": unknown } } };
}

/**
 * ky retries on a status only while it throws on that status (with `throwHttpErrors: false` it silently does not), and openapi-fetch
 * wants the answer of a failure: so let ky throw, then make an answer of it again.
 */
async function fetchWithRetries(
  request: Request,
  fetch: (request: Request) => Promise<Response>,
  { timeoutMs, maxRetries }: Required<CallLimits>,
  clock: Clock,
): Promise<Response> {
  // One key for all tries of a call, so that a repeat gets the first answer again.
  if (request.method === "POST" && !request.headers.has("idempotency-key")) {
    request.headers.set("idempotency-key", uuidv7(clock.now()));
  }
  try {
    const retry = retryOptions(request, maxRetries, clock);
    return await ky(request, { timeout: timeoutMs, retry, fetch: (attempt) => fetch(attempt as Request) });
  } catch (error) {
    if (error instanceof HTTPError) return new Response(JSON.stringify(error.data), error.response);
    throw failureOf(error, request);
  }
}

function failureOf(error: unknown, request: Request): FlixError {
  if (isFlixError(error)) return error;
  const { signal, method, url } = request;
  if (signal.aborted) return new FlixError("aborted", "The request was aborted", { cause: signal.reason });
  const detail = `${method} ${url}`;
  if (error instanceof TimeoutError) {
    return new FlixError("timeout", "No answer in time", { detail, cause: error });
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return new FlixError("network_error", "The server cannot be reached", { detail, cause });
}

/** One try: with a token, and once more with a renewed one after a 401. */
function createAttempt(options: ClientOptions, server: string, clock: Clock) {
  const { token, tokenProvider, fetch = (request: Request) => globalThis.fetch(request) } = options;
  const context: TokenContext = { server, fetch, clock };
  return async (request: Request): Promise<Response> => {
    const first = token ?? (await tokenProvider?.(context));
    if (!first || request.headers.has("authorization")) return readWhole(await fetch(request));
    const spare = tokenProvider && request.clone();
    const response = await fetch(authorize(request, first));
    if (response.status !== 401 || !spare) return readWhole(response);
    const renewed = await tokenProvider({ ...context, rejectedToken: first });
    if (!renewed || renewed === first) return readWhole(response);
    await response.body?.cancel();
    return readWhole(await fetch(authorize(spare, renewed)));
  };
}

function authorize(request: Request, token: string): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}

/** Reads the answer inside ky's time limit: a body that stalls or breaks off is a failed try like any other. */
async function readWhole(response: Response): Promise<Response> {
  const streamed = response.headers.get("content-type")?.startsWith("text/event-stream");
  return response.body && !streamed ? new Response(await response.arrayBuffer(), response) : response;
}

function serializeBody(body: unknown): unknown {
  return isBinary(body) ? body : JSON.stringify(body);
}

export type BinaryBody = Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

export function isBinary(body: unknown): body is BinaryBody {
  return body instanceof Blob || body instanceof ArrayBuffer || body instanceof Uint8Array;
}
