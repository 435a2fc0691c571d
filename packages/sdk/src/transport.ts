import ky, { HTTPError, KyError, TimeoutError } from "ky";
import type { Clock } from "./clock.ts";
import { FlixError } from "./errors.ts";
import { retryOptions } from "./retry.ts";

/**
 * Sends a request through ky: retries, time limits, network errors.
 *
 * ky retries on a status only while it throws on that status (with `throwHttpErrors: false` it silently does not), and openapi-fetch
 * wants the answer of a failure: so let ky throw, then make an answer of it again.
 */
export async function sendWithRetries(
  request: Request,
  { timeoutMs, maxRetries }: CallLimits,
  { fetch, clock }: Transport,
): Promise<Response> {
  // One key for all tries of a call, so that a repeat gets the first answer again.
  if (request.method === "POST" && !request.headers.has(keyHeader)) {
    request.headers.set(keyHeader, crypto.getRandomValues(new Uint32Array(4)).join("-"));
  }
  try {
    return await ky(request, {
      timeout: timeoutMs,
      retry: retryOptions(request, maxRetries, clock),
      fetch: async (attempt) => readWhole(await fetch(attempt as Request)),
    });
  } catch (error) {
    if (error instanceof HTTPError) return new Response(JSON.stringify(error.data), error.response);
    throw failureOf(error, request);
  }
}

export interface Transport {
  fetch: (request: Request) => Promise<Response>;
  clock: Clock;
}

export interface CallLimits {
  /** The time limit of one try, to the end of its answer. */
  timeoutMs: number;
  /** Tries after the first one. */
  maxRetries: number;
}

const keyHeader = "idempotency-key";

function failureOf(error: unknown, { signal, method, url }: Request): FlixError {
  if (error instanceof FlixError) return error;
  if (signal.aborted) return abortedBy(signal);
  const detail = `${method} ${url}`;
  // ky's own errors hold the request and with it the token, which a log would print: keep only what caused them.
  const cause = error instanceof KyError ? error.cause : error;
  return error instanceof TimeoutError
    ? new FlixError("timeout", "No answer in time", { detail, cause })
    : new FlixError("network_error", "The server cannot be reached", { detail, cause });
}

export function abortedBy(signal: AbortSignal): FlixError {
  return new FlixError("aborted", "Aborted", { cause: signal.reason });
}

/** Reads the answer inside ky's time limit: a body that stalls or breaks off is a failed try like any other. */
async function readWhole(response: Response): Promise<Response> {
  return response.body && !isEventStream(response)
    ? new Response(await response.arrayBuffer(), response)
    : response;
}

export function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}
